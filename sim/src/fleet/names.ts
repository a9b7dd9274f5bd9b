import type { Rng } from '../random/rng.ts';
import type { SiteKind } from './types.ts';

/**
 * Names by scheme. Towns are real; villages and communities are put together from syllables common in place names, so a match
 * with a real one is chance. There are no persons: contacts are posts, telephone numbers begin with 000.
 */

const FIRST = '东 南 西 北 上 下 新 石 龙 山 白 红 大 长 美 福 水 坡 文 高 黄 青 加 那 罗 潭 云 金 抱 什'.split(' ');
const SECOND = '坡 园 田 村 岭 桥 塘 井 头 山 沟 洋 湖 寨 仔 昌 安 兴 丰 合 联 台 门 排 朗 茂'.split(' ');
const COMMUNITY =
  '和平 新风 滨海 文明 友谊 人民 长堤 民生 东门 西门 南门 解放 中心 海岸 振兴 建设 团结 红星 椰林 朝阳'.split(' ');

/** Names of one kind within one town, all different. */
export function siteNames(town: string, kind: SiteKind, count: number, rng: Rng): string[] {
  switch (kind) {
    case 'township_hospital':
      return Array.from({ length: count }, (_, i) => (i === 0 ? `${town}卫生院` : `${town}卫生院第${numeral(i)}分院`));
    case 'community':
      return distinct(COMMUNITY, count, rng).map((name) => `${town}${name}社区卫生服务站`);
    case 'village_clinic':
      return distinct(VILLAGES, count, rng).map((name) => `${town}${name}村卫生室`);
  }
}

export function contactOf(kind: SiteKind): string {
  return { township_hospital: '卫生院信息岗', village_clinic: '村医岗', community: '社区卫生岗' }[kind];
}

/** Not a number that any exchange hands out. */
export function inventedPhone(index: number): string {
  return `000-${String(index).padStart(8, '0')}`;
}

const VILLAGES = FIRST.flatMap((first) => SECOND.filter((second) => second !== first).map((second) => first + second));

function distinct(names: readonly string[], count: number, rng: Rng): string[] {
  const order = rng.shuffle(names);
  return Array.from({ length: count }, (_, i) => {
    const name = order[i % order.length] ?? '';
    return i < order.length ? name : `${name}${numeral(Math.floor(i / order.length) + 1)}`;
  });
}

function numeral(n: number): string {
  return '零一二三四五六七八九十'[n] ?? String(n);
}
