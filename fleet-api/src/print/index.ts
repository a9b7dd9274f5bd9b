export type * from './document.ts';
export { renderPdf, stopPrinting } from './render.ts';
export { type Sheet, type SheetCell, workbookOf, XLSX } from './workbook.ts';
