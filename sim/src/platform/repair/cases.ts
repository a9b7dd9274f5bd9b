/** What people did about an order, minutes after the fault began: at that instant it happened, told it is when the demo begins. */
export interface Told {
  readonly step: 'acknowledge' | 'assign' | 'set_out' | 'arrive' | 'restore' | 'repair';
  readonly after: number;
  readonly note?: string;
}

/** How an order ended. */
export interface Ending {
  /** Code of a part that was taken from the county's store. */
  readonly part?: string;
  readonly labour_fen: number;
  readonly logistics_fen: number;
  readonly cause_kind: 'hardware' | 'software' | 'consumables' | 'power' | 'misuse' | 'site';
  readonly cause_analysis: string;
  readonly advice: string;
}

/** A fault that a site told of by phone, and how far its repair is. */
export interface Case {
  /** How long ago it began, hours. */
  readonly hours: number;
  readonly cause: 'id_reader' | 'screen' | 'scanner' | 'slow' | 'printer' | 'damage' | 'power' | 'software' | 'other';
  readonly severity?: 'major';
  readonly words: string;
  readonly told: readonly Told[];
  /** Who says for the site that it works again: signed on the engineer's phone, or asked for by the agency. */
  readonly confirmed?: 'signature' | 'agency';
  readonly ending?: Ending;
  /** Time that is not to count: begins so many minutes after the fault; `hours` null: until further notice. */
  readonly pause?: {
    readonly after: number;
    readonly hours: number | null;
    readonly reason: string;
    readonly approved: boolean;
  };
}

const way = (acknowledge: number, assign: number, set_out?: number, arrive?: number): Told[] => [
  { step: 'acknowledge', after: acknowledge },
  { step: 'assign', after: assign },
  ...(set_out === undefined ? [] : [{ step: 'set_out', after: set_out } as const]),
  ...(arrive === undefined ? [] : [{ step: 'arrive', after: arrive } as const]),
];

/** A week of the contractor's work: in time and late, over and open, at every stage. */
export const CASES: readonly Case[] = [
  {
    hours: 150,
    cause: 'id_reader',
    words: '身份证放上去没有反应，换了几张都一样',
    told: [...way(12, 20, 95, 210), { step: 'repair', after: 262, note: '更换读卡模块，连续读卡十次正常' }],
    confirmed: 'signature',
    ending: {
      part: 'READER-ID',
      labour_fen: 12_000,
      logistics_fen: 3_000,
      cause_kind: 'hardware',
      cause_analysis: '读卡模块天线焊点氧化，场强不足',
      advice: '该批次模块在下次巡检时逐台测试读卡距离',
    },
  },
  {
    hours: 126,
    cause: 'screen',
    words: '屏幕左下角点不动，无法选择药品',
    told: [
      ...way(25, 40, 1080, 1205),
      { step: 'restore', after: 1232, note: '临时接外置键盘，业务可办' },
      { step: 'repair', after: 2655, note: '更换触摸排线' },
    ],
    confirmed: 'agency',
    ending: {
      labour_fen: 16_000,
      logistics_fen: 6_000,
      cause_kind: 'hardware',
      cause_analysis: '触摸排线受潮接触不良',
      advice: '设备移离洗手池一侧，加装防潮垫',
    },
  },
  {
    hours: 101,
    cause: 'scanner',
    words: '扫码枪不亮，医保码扫不了',
    told: [...way(95, 110, 900, 1010), { step: 'repair', after: 1075, note: '重新插紧并固定数据线' }],
    confirmed: 'agency',
  },
  {
    hours: 76,
    cause: 'slow',
    words: '开处方要等一分多钟',
    told: [...way(9, 12), { step: 'repair', after: 94, note: '远程清理缓存并重启业务程序' }],
    confirmed: 'agency',
    ending: {
      labour_fen: 5_000,
      logistics_fen: 0,
      cause_kind: 'software',
      cause_analysis: '业务程序日志未轮转，磁盘写满后响应变慢',
      advice: '下个版本启用日志轮转',
    },
  },
  {
    hours: 62,
    cause: 'printer',
    words: '打印机一直卡纸，小票打不出来',
    told: [...way(18, 35, 2700, 2870), { step: 'repair', after: 2948, note: '更换胶辊' }],
    confirmed: 'signature',
    ending: {
      part: 'ROLLER',
      labour_fen: 8_000,
      logistics_fen: 4_000,
      cause_kind: 'consumables',
      cause_analysis: '胶辊磨损，走纸打滑；因台风预警推迟上门',
      advice: '胶辊按半年更换',
    },
  },
  {
    hours: 53,
    cause: 'power',
    words: '电源适配器发烫，设备时开时关',
    told: [...way(15, 22, 300, 398), { step: 'repair', after: 431, note: '更换电源适配器' }],
  },
  {
    hours: 30,
    cause: 'screen',
    words: '屏幕有竖线，看不清金额',
    told: [...way(14, 30, 380, 505), { step: 'restore', after: 560, note: '临时接备用显示器' }],
    pause: { after: 1290, hours: 14, reason: '等待厂家发货：屏幕总成次日到达海口', approved: true },
  },
  { hours: 20, cause: 'id_reader', words: '读卡时好时坏', told: way(22, 41, 1030, 1172) },
  { hours: 7, cause: 'scanner', words: '扫码没有声音也没有结果', told: way(17, 33, 372) },
  { hours: 5, cause: 'software', words: '登录后提示版本过低', told: way(26, 44) },
  {
    hours: 2,
    cause: 'printer',
    words: '打印字迹很淡',
    told: [{ step: 'acknowledge', after: 19 }],
    pause: { after: 60, hours: 13, reason: '村医外出培训，卫生室明早开门，无法进入现场', approved: false },
  },
  {
    hours: 1.5,
    cause: 'power',
    severity: 'major',
    words: '整台设备打不开，今天有三十多人等着结算',
    told: way(4, 7, 16),
  },
  { hours: 0.4, cause: 'other', words: '设备底座松动，有掉落风险', told: [] },
];
