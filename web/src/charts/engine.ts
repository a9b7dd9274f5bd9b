/** The parts of ECharts that the console draws with. Loaded with the first chart, not with the shell. */
import { LineChart } from 'echarts/charts';
import {
  AriaComponent,
  AxisPointerComponent,
  DataZoomInsideComponent,
  GridComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components';
import { connect, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([
  LineChart,
  GridComponent,
  TooltipComponent,
  AxisPointerComponent,
  MarkLineComponent,
  DataZoomInsideComponent,
  AriaComponent,
  CanvasRenderer,
]);

export type { EChartsType } from 'echarts/core';
export { connect, init };
