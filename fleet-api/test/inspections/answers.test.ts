import { describe, expect, it } from 'vitest';
import { faultyOf, problemsOfAnswers } from '../../src/inspections/answers.ts';
import { type ChecklistItem, DEFAULT_CHECKLIST, repeatedIds } from '../../src/inspections/checklist.ts';

const item = (id: string, kind: ChecklistItem['kind'], required = true): ChecklistItem => ({
  id,
  kind,
  required,
  zh: id,
  en: id,
});
const LIST = [item('cable', 'ok_fault'), item('cpu', 'reading'), item('said', 'text', false), item('photo', 'photo')];

describe('answers', () => {
  it('are complete once every required item has what its kind asks for', () => {
    const answers = { cable: { result: 'fault' as const }, cpu: { value: 0 }, photo: { files: [7] } };
    expect(problemsOfAnswers(LIST, answers, new Set([7]))).toEqual([]);
    expect(faultyOf(answers)).toBe(1);
  });

  it.each([
    ['nothing', {}, ['cable', 'cpu', 'photo']],
    ['a word in place of a result', { cable: { text: 'ok' }, cpu: { value: 1 }, photo: { files: [7] } }, ['cable']],
    ['no photo', { cable: { result: 'ok' as const }, cpu: { value: 1 }, photo: { files: [] } }, ['photo']],
    [
      'a photo of another task',
      { cable: { result: 'ok' as const }, cpu: { value: 1 }, photo: { files: [8] } },
      ['photo'],
    ],
    [
      'an item of another list',
      { cable: { result: 'ok' as const }, cpu: { value: 1 }, photo: { files: [7] }, roof: { result: 'ok' as const } },
      ['roof'],
    ],
  ])('with %s are not', (_case, answers, items) => {
    expect(problemsOfAnswers(LIST, answers, new Set([7])).map((problem) => problem.item)).toEqual(items);
  });
});

describe('the usual checklist (R-HN-3)', () => {
  it('has each of the nine points, and names every item once', () => {
    const words = DEFAULT_CHECKLIST.map(({ zh }) => zh).join();
    const points = ['隐患', '功能', '关键性能', '稳定性', '安全', '备份', '软件升级', '运行环境', '运行状态'];
    expect(points.filter((word) => !words.includes(word))).toEqual([]);
    expect(repeatedIds(DEFAULT_CHECKLIST)).toEqual([]);
  });
});
