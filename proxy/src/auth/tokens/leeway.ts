/** Default tolerance for clocks that differ, in seconds; the same 30 as Neon's. */
export const LEEWAY_S = 30
