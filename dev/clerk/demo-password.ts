/** The password of the demo users: a laptop's stand-in for Clerk is no place for a real one. */
export const DEMO_PASSWORD = 'row-level-security'
