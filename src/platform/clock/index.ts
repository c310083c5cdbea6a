export { heldClock, systemClock } from './clock.ts';
export type { Clock, HeldClock } from './clock.ts';
