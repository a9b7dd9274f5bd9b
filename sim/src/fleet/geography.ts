/**
 * Public geography of Hainan province: cities and counties (GB/T 2260 codes), their towns, the rough position of each seat.
 * `villages` is only a weight: about how many administrative villages there are. 洋浦 belongs to 儋州; 三沙 has no stations.
 */
export interface CountyFacts {
  readonly code: string;
  /** Latin abbreviation that begins the codes of its sites. */
  readonly short: string;
  readonly name: string;
  readonly villages: number;
  readonly lat: number;
  readonly lon: number;
  /** Town names, separated by spaces. */
  readonly towns: string;
}

export const PROVINCE = { code: '460000', name: '海南省' } as const;

const facts = (
  code: string,
  short: string,
  name: string,
  villages: number,
  lat: number,
  lon: number,
  towns: string,
): CountyFacts => ({ code, short, name, villages, lat, lon, towns });

export const COUNTIES: readonly CountyFacts[] = [
  facts(
    '460100', 'HK', '海口市', 248, 20.02, 110.35,
    '秀英街道 海秀街道 长流镇 西秀镇 海秀镇 石山镇 永兴镇 东山镇 中山街道 滨海街道 金贸街道 大同街道 海垦街道 金宇街道 城西镇 龙桥镇 新坡镇 ' +
    '遵谭镇 龙泉镇 国兴街道 府城街道 滨江街道 凤翔街道 龙塘镇 云龙镇 红旗镇 三门坡镇 大坡镇 甲子镇 旧州镇 海府街道 蓝天街道 博爱街道 海甸街道 ' +
    '人民街道 白龙街道 和平南街道 白沙街道 新埠街道 灵山镇 演丰镇 三江镇 大致坡镇',
  ),
  facts('460200', 'SY', '三亚市', 92, 18.25, 109.51, '海棠区 吉阳区 天涯区 崖州区 育才生态区'),
  facts(
    '460400', 'DZ', '儋州市', 260, 19.52, 109.58,
    '那大镇 和庆镇 南丰镇 大成镇 雅星镇 兰洋镇 光村镇 木棠镇 海头镇 峨蔓镇 王五镇 白马井镇 中和镇 排浦镇 东成镇 新州镇 洋浦经济开发区',
  ),
  facts(
    '469002', 'QH', '琼海市', 190, 19.25, 110.47,
    '嘉积镇 万泉镇 石壁镇 中原镇 博鳌镇 阳江镇 龙江镇 潭门镇 塔洋镇 长坡镇 大路镇 会山镇',
  ),
  facts(
    '469005', 'WC', '文昌市', 255, 19.61, 110.75,
    '文城镇 重兴镇 蓬莱镇 会文镇 东路镇 潭牛镇 东阁镇 文教镇 东郊镇 龙楼镇 昌洒镇 翁田镇 抱罗镇 冯坡镇 锦山镇 铺前镇 公坡镇',
  ),
  facts(
    '469006', 'WN', '万宁市', 207, 18.8, 110.39,
    '万城镇 龙滚镇 和乐镇 后安镇 大茂镇 东澳镇 礼纪镇 长丰镇 山根镇 北大镇 南桥镇 三更罗镇',
  ),
  facts(
    '469007', 'DF', '东方市', 180, 19.1, 108.65,
    '八所镇 东河镇 大田镇 感城镇 板桥镇 三家镇 四更镇 新龙镇 天安乡 江边乡',
  ),
  facts('469001', 'WZS', '五指山市', 59, 18.78, 109.52, '通什镇 南圣镇 毛阳镇 番阳镇 畅好乡 毛道乡 水满乡'),
  facts(
    '469021', 'DA', '定安县', 108, 19.68, 110.36,
    '定城镇 新竹镇 龙湖镇 黄竹镇 雷鸣镇 龙门镇 龙河镇 岭口镇 翰林镇 富文镇',
  ),
  facts('469022', 'TC', '屯昌县', 104, 19.35, 110.1, '屯城镇 新兴镇 枫木镇 乌坡镇 南吕镇 南坤镇 坡心镇 西昌镇'),
  facts(
    '469023', 'CM', '澄迈县', 165, 19.74, 110.0,
    '金江镇 老城镇 瑞溪镇 永发镇 加乐镇 文儒镇 中兴镇 仁兴镇 福山镇 桥头镇 大丰镇',
  ),
  facts(
    '469024', 'LG', '临高县', 155, 19.91, 109.69,
    '临城镇 波莲镇 东英镇 博厚镇 皇桐镇 多文镇 和舍镇 南宝镇 新盈镇 调楼镇 加来镇',
  ),
  facts(
    '469025', 'BS', '白沙黎族自治县', 80, 19.22, 109.45,
    '牙叉镇 七坊镇 邦溪镇 打安镇 细水乡 元门乡 南开乡 阜龙乡 青松乡 金波乡 荣邦乡',
  ),
  facts(
    '469026', 'CJ', '昌江黎族自治县', 78, 19.3, 109.05,
    '石碌镇 叉河镇 十月田镇 乌烈镇 昌化镇 海尾镇 七叉镇 王下乡',
  ),
  facts(
    '469027', 'LD', '乐东黎族自治县', 178, 18.75, 109.17,
    '抱由镇 万冲镇 大安镇 志仲镇 千家镇 九所镇 利国镇 黄流镇 佛罗镇 尖峰镇 莺歌海镇',
  ),
  facts(
    '469028', 'LS', '陵水黎族自治县', 116, 18.51, 110.04,
    '椰林镇 光坡镇 三才镇 英州镇 隆广镇 文罗镇 本号镇 新村镇 黎安镇 提蒙乡 群英乡',
  ),
  facts(
    '469029', 'BT', '保亭黎族苗族自治县', 60, 18.64, 109.7,
    '保城镇 什玲镇 加茂镇 响水镇 新政镇 三道镇 六弓乡 南林乡 毛感乡',
  ),
  facts(
    '469030', 'QZ', '琼中黎族苗族自治县', 100, 19.03, 109.84,
    '营根镇 湾岭镇 黎母山镇 和平镇 长征镇 红毛镇 中平镇 吊罗山乡 上安乡 什运乡',
  ),
]; // biome-ignore format: one county, one block
