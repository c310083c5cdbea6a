/** Values of options that several commands take. */
import { InvalidArgumentError } from 'commander';

export const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('a positive number is needed');
  return value;
};

/** `30,120`: degrees, one a photograph. */
export const azimuths = (text: string): number[] => {
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (!values.every(Number.isFinite)) throw new InvalidArgumentError('degrees such as 30,120 are needed');
  return values;
};
