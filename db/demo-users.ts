/** The local Clerk's initial users; `npm run db:seed` gives the first two todos. */
export const DEMO_USERS = {
  alice: {
    id: 'user_alice_demo',
    email: 'alice@example.com',
    firstName: 'Alice',
    publicMetadata: {},
  },
  bob: { id: 'user_bob_demo', email: 'bob@example.com', firstName: 'Bob', publicMetadata: {} },
  moderator: {
    id: 'user_moderator_demo',
    email: 'moderator@example.com',
    firstName: 'Morgan',
    publicMetadata: { role: 'moderator' },
  },
} as const
