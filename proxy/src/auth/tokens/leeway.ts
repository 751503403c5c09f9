/** Allowed for clocks that differ, in seconds; unless configured the same 30 that Neon allows. */
export const LEEWAY_S = 30
