import { names, readNumber } from './files.ts';
import { ABSENT, type Probe, report } from './probe.ts';

export interface TemperatureOptions {
  readonly maxC: number;
  readonly minC: number;
}

/** The hottest of all thermal zones and hwmon sensors, °C. */
export function temperatureProbe(root: string, { maxC, minC }: TemperatureOptions): Probe {
  return async () => {
    const values = [...(await zones(`${root}/sys/class/thermal`)), ...(await sensors(`${root}/sys/class/hwmon`))];
    // Unconnected sensors answer with fixed values far outside of what a running device can have.
    const plausible = values.filter((c) => c > -55 && c < 150 && c !== 0);
    if (plausible.length === 0) return { c: { temperature: ABSENT } };
    const temp_c = Math.round(Math.max(...plausible) * 10) / 10;
    const reason = temp_c > maxC ? 'too_hot' : temp_c < minC ? 'too_cold' : null;
    const temperature = reason ? report('fault', reason, `${temp_c} °C`) : report('ok');
    return { c: { temperature }, m: { temp_c } };
  };
}

async function zones(directory: string): Promise<number[]> {
  const found = (await names(directory)).filter((name) => name.startsWith('thermal_zone'));
  return milliDegrees(found.map((name) => `${directory}/${name}/temp`));
}

async function sensors(directory: string): Promise<number[]> {
  const values: number[] = [];
  for (const chip of await names(directory)) {
    const inputs = (await names(`${directory}/${chip}`)).filter((name) => /^temp\d+_input$/.test(name));
    values.push(...(await milliDegrees(inputs.map((name) => `${directory}/${chip}/${name}`))));
  }
  return values;
}

async function milliDegrees(paths: readonly string[]): Promise<number[]> {
  const values = await Promise.all(paths.map(readNumber));
  return values.filter((value) => value !== null).map((value) => value / 1000);
}
