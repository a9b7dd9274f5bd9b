/** The check digit of ITU-T E.118 numbers (ICCID) and IMEIs: ISO/IEC 7812-1 annex B. */

/** The digit that makes `digits` + digit valid. */
export function luhnDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}

/** `digits` with its check digit appended. */
export function withLuhn(digits: string): string {
  return digits + luhnDigit(digits);
}

/** True if the last digit is the check digit of the others. */
export function isLuhnValid(number: string): boolean {
  return /^\d{2,}$/.test(number) && luhnDigit(number.slice(0, -1)) === number.slice(-1);
}
