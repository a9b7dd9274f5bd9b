import { names, readText } from './files.ts';
import { ABSENT, type Probe, report } from './probe.ts';

/** A display on a DRM connector (e.g. `HDMI-A-1`). Not configured: absent unless something is plugged in. */
export function screenProbe(root: string, configured: string | undefined): Probe {
  const base = `${root}/sys/class/drm`;
  return async () => {
    const connectors = (await names(base)).filter((name) => /^card\d+-/.test(name));
    if (configured) {
      const connector = connectors.find((name) => name.replace(/^card\d+-/, '') === configured);
      const status = connector ? await readText(`${base}/${connector}/status`) : null;
      return { c: { screen: status === 'connected' ? report('ok') : report('fault', 'disconnected', configured) } };
    }
    for (const connector of connectors) {
      if ((await readText(`${base}/${connector}/status`)) === 'connected') return { c: { screen: report('ok') } };
    }
    return { c: { screen: ABSENT } };
  };
}
