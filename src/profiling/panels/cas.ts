/** CAS Registry Numbers: digits, and a last one that checks the others. */
export function isCas(text: string): boolean {
  const parts = /^([1-9]\d{1,6})-(\d\d)-(\d)$/.exec(text);
  if (!parts) return false;
  const digits = [...`${parts[1]!}${parts[2]!}`].reverse();
  return digits.reduce((sum, digit, i) => sum + Number(digit) * (i + 1), 0) % 10 === Number(parts[3]);
}
