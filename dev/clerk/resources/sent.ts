/** A published type of Clerk's, but for what its API sends differently (nulls, mostly). */
export type Sent<Published, Differently> = Omit<Published, keyof Differently> & Differently
