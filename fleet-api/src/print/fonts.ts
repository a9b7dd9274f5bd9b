import { createRequire } from 'node:module';

/** Name of the one font family, in the layout and in charts. */
export const FONT = 'NotoSansSC';

export interface FontFiles {
  readonly normal: string;
  readonly bold: string;
}

/** Where the font's files lie. They come with the package, so that no machine needs fonts of its own. */
export function fontFiles(): FontFiles {
  const { resolve } = createRequire(import.meta.url);
  const packed = '@expo-google-fonts/noto-sans-sc';
  return {
    normal: resolve(`${packed}/400Regular/NotoSansSC_400Regular.ttf`),
    bold: resolve(`${packed}/700Bold/NotoSansSC_700Bold.ttf`),
  };
}
