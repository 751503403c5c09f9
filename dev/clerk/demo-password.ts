/** The password of both demo users: a laptop's stand-in for Clerk is no place for a real one. */
export const DEMO_PASSWORD = 'row-level-security'
