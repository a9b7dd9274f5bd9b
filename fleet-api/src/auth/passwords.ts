import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** Hashes and checks passwords; bounded, as each run takes about 0.45 s of a core and 128 MiB. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Takes as long for `stored === null` (nobody of that name) as for a wrong password, and is then false. */
  verify(password: string, stored: string | null): Promise<boolean>;
}

export interface PasswordHasherOptions {
  /** log2 of scrypt's N. */
  readonly costLog2?: number;
  /** Runs at the same time; the others wait. */
  readonly parallel?: number;
}

const R = 8;
const P = 1;
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** scrypt with N = 2^17, r = 8, p = 1 (OWASP Password Storage Cheat Sheet). Format: `scrypt$17$8$1$salt$key`, base64url. */
export function createPasswordHasher({ costLog2 = 17, parallel = 2 }: PasswordHasherOptions = {}): PasswordHasher {
  const limit = createLimiter(parallel);
  const nobody = encode(costLog2, randomBytes(SALT_BYTES), randomBytes(KEY_BYTES));
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return encode(costLog2, salt, await limit(() => derive(password, salt, costLog2, R, P)));
    },
    async verify(password, stored) {
      const { salt, key, costLog2: log2, r, p } = decode(stored ?? nobody);
      const derived = await limit(() => derive(password, salt, log2, r, p));
      return timingSafeEqual(derived, key) && stored !== null;
    },
  };
}

function derive(password: string, salt: Buffer, costLog2: number, r: number, p: number): Promise<Buffer> {
  const N = 2 ** costLog2;
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function encode(costLog2: number, salt: Buffer, key: Buffer): string {
  return `scrypt$${costLog2}$${R}$${P}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

function decode(stored: string) {
  const [scheme, costLog2, r, p, salt, key] = stored.split('$');
  if (scheme !== 'scrypt' || salt === undefined || key === undefined) throw new Error('unknown password hash format');
  return {
    costLog2: Number(costLog2),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
}

/** Runs at most `parallel` jobs at a time, first come first served. */
function createLimiter(parallel: number): <T>(job: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (job) => {
    if (running >= parallel) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
