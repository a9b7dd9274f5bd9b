import { type ByteLink, openDevice, openTcp } from './byte-link.ts';
import { isStatusByte, judgePrinter, statusRequest } from './escpos.ts';
import { names } from './files.ts';
import { ABSENT, type Probe, report } from './probe.ts';

export type PrinterOptions =
  | { readonly path: string; readonly baud?: number | undefined }
  | { readonly host: string; readonly port: number };

const ANSWER_MS = 600;
const CONNECT_MS = 2_000;

/**
 * A thermal printer that speaks ESC/POS, on a serial tty, a USB character device or TCP. Not configured: the first /dev/usb/lp*
 * is taken, if there is one.
 */
export function printerProbe(root: string, configured: PrinterOptions | undefined): Probe {
  return async () => {
    const options = configured ?? (await findUsbPrinter(root));
    if (!options) return { c: { printer: ABSENT } };
    const name = 'path' in options ? options.path : `${options.host}:${options.port}`;
    let link: ByteLink;
    try {
      link = await openPrinter(options, root);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const reason = code === 'EACCES' || code === 'EPERM' ? 'permission' : code === 'EBUSY' ? null : 'disconnected';
      return {
        c: { printer: reason ? report('fault', reason, name) : report('unknown', undefined, `${name} is busy`) },
      };
    }
    try {
      return { c: { printer: await ask(link) } };
    } catch {
      return { c: { printer: report('fault', 'disconnected', name) } };
    } finally {
      await link.close();
    }
  };
}

function openPrinter(options: PrinterOptions, root: string): Promise<ByteLink> {
  if ('host' in options) return openTcp(options.host, options.port, CONNECT_MS);
  return openDevice(root + options.path, options.baud ?? null);
}

async function findUsbPrinter(root: string): Promise<PrinterOptions | null> {
  const name = (await names(`${root}/dev/usb`)).find((entry) => /^lp\d+$/.test(entry));
  return name ? { path: `/dev/usb/${name}` } : null;
}

async function ask(link: ByteLink) {
  const [printer, offline, error, paper] = [
    await askOne(link, 1),
    await askOne(link, 2),
    await askOne(link, 3),
    await askOne(link, 4),
  ];
  return judgePrinter({ printer, offline, error, paper });
}

async function askOne(link: ByteLink, n: 1 | 2 | 3 | 4): Promise<number | null> {
  await link.write(statusRequest(n));
  const answer = await link.read(ANSWER_MS);
  // Bytes of automatic status back may precede the answer.
  return answer.reverse().find(isStatusByte) ?? null;
}
