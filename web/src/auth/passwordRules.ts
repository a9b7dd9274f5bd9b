export const MIN_PASSWORD = 10;

/** What is still missing from a new password: keys under `auth.rules`. The server has the last word. */
export function passwordFaults(password: string, repeated: string, login: string): string[] {
  const faults: string[] = [];
  if (password.length < MIN_PASSWORD) faults.push('length');
  if (login && password.toLowerCase().includes(login.toLowerCase())) faults.push('login');
  if (repeated !== password) faults.push('repeat');
  return faults;
}
