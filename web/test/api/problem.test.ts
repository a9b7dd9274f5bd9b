// @vitest-environment node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../../src/api/problem.ts';
import { problemKeys } from '../../src/api/useProblem.ts';
import zh from '../../src/i18n/zh-CN/errors.json';

describe('problems', () => {
  it('have words for every code of the API', () => {
    const document = JSON.parse(readFileSync(join(import.meta.dirname, '../../../docs/api/openapi.json'), 'utf8'));
    const codes: string[] = document.components.schemas.Problem.properties.code.enum;
    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => !(code in zh))).toEqual([]);
  });

  it('choose their words by code, then by status', () => {
    expect(problemKeys(new ApiProblem(409, { code: 'conflict' }))).toEqual([
      'errors.conflict',
      'errors.http_409',
      'errors.unexpected',
    ]);
    expect(problemKeys(new ApiProblem(502, '<html>'))).toEqual([
      'errors.http_502',
      'errors.http_502',
      'errors.http_500',
    ]);
    expect(problemKeys(new ApiProblem(0, null))[0]).toBe('errors.network');
    expect(problemKeys(new TypeError('bug'))).toEqual(['errors.unexpected']);
  });

  it('take only well-formed field faults from the server', () => {
    const problem = new ApiProblem(400, {
      code: 'invalid_request',
      errors: [{ path: '/body/name', message: 'too long' }, null, 'x'],
    });
    expect(problem.faults).toEqual([{ path: '/body/name', message: 'too long' }]);
    expect(problem.retryable).toBe(false);
    expect(new ApiProblem(503, null).retryable).toBe(true);
  });
});
