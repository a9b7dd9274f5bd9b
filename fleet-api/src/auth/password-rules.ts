import { apiError } from '../http/errors.ts';

export const MIN_PASSWORD_LENGTH = 10;
export const MAX_PASSWORD_LENGTH = 200;

/** Passwords of ten characters and more that head every list of leaked ones, lower case. */
const COMMON = new Set([
  '1234567890', '12345678910', '0123456789', '0987654321', '9876543210', '1111111111', '0000000000', '1q2w3e4r5t',
  '1qaz2wsx3edc', 'qwertyuiop', 'qwerty12345', 'qwerty123456', 'asdfghjkl;', 'zxcvbnm123', 'password12', 'password123',
  'password1234', 'password12345', 'passw0rd123', 'p@ssw0rd123', 'administrator', 'admin12345', 'admin123456',
  'administrator1', 'welcome123', 'welcome1234', 'iloveyou123', 'letmein123', 'changeme123', 'abcd123456', 'abc1234567',
  'abcdefghij', 'a123456789', 'aa123456789', 'woaini1314', 'woaini520', 'woaini1314520', '5201314520', '1314520520',
  'qazwsxedc123', '1qazxsw23edc', '123456789a', '123456789q', 'q123456789', '123qweasdzxc', 'uptally123', 'uptally12345',
]); // biome-ignore format: a list to be read in lines

/**
 * Rules for a new password (NIST SP 800-63B, 3.1.1.2): long enough, not the login, not one of the common ones, not one character
 * over and over. No rules about kinds of characters. @throws ApiError `weak_password`
 */
export function requireStrongPassword(password: string, login: string): void {
  const fault = faultOf(password.normalize('NFKC'), login.toLowerCase());
  if (fault !== null) throw apiError('weak_password', fault);
}

function faultOf(password: string, login: string): string | null {
  const lower = password.toLowerCase();
  if ([...password].length < MIN_PASSWORD_LENGTH) return `At least ${MIN_PASSWORD_LENGTH} characters`;
  if (lower === login || lower === login.repeat(Math.max(1, Math.floor(lower.length / Math.max(1, login.length))))) {
    return 'It must not be the login';
  }
  if (COMMON.has(lower)) return 'It is on every list of leaked passwords';
  if (new Set(lower).size < 4) return 'It repeats too few characters';
  return null;
}
