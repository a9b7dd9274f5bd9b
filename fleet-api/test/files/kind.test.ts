import { describe, expect, it } from 'vitest';
import { attachment, mediaTypeOf, safeName } from '../../src/files/kind.ts';

describe('the kind of a file', () => {
  it.each([
    ['%PDF-1.7\n', 'application/pdf'],
    ['\x89PNG\r\n\x1a\n....', 'image/png'],
    ['\xff\xd8\xff\xe0..JFIF', 'image/jpeg'],
    ['<svg xmlns="http://www.w3.org/2000/svg">', null],
    ['<!DOCTYPE html><script>', null],
    [' %PDF-1.7', null],
    ['\x89PNG', null],
    ['MZ\x90', null],
    ['PK\x03\x04', null],
    ['', null],
  ])('%j is %s', (content, type) => {
    expect(mediaTypeOf(Buffer.from(content, 'latin1'))).toBe(type);
  });
});

describe('a name', () => {
  it.each([
    ['停电通知.pdf', '停电通知.pdf'],
    ['../../etc/passwd', 'passwd.pdf'],
    ['C:\\temp\\cut.PDF', 'cut.pdf'],
    ['page.html', 'page.html.pdf'],
    ['a\r\nSet-Cookie: x=1.pdf', 'aSet-Cookie_ x=1.pdf'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe.pdf'],
    ['..', 'file.pdf'],
    ['.pdf', 'pdf.pdf'],
    ['', 'file.pdf'],
    [undefined, 'file.pdf'],
    ['"quoted"*?.pdf', '_quoted___.pdf'],
    [`${'长'.repeat(300)}.pdf`, `${'长'.repeat(100)}.pdf`],
  ])('%j is kept as %j', (name, kept) => {
    expect(safeName(name, 'application/pdf')).toBe(kept);
  });

  it('goes into a header that no name can break', () => {
    expect(attachment('停电 "a"%.pdf')).toBe(
      `attachment; filename="__ _a__.pdf"; filename*=UTF-8''%E5%81%9C%E7%94%B5%20%22a%22%25.pdf`,
    );
    expect(attachment("it's(1).png")).toBe(`attachment; filename="it's(1).png"; filename*=UTF-8''it%27s%281%29.png`);
  });
});
