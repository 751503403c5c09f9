/** The local Clerk's two initial users; `npm run db:seed` gives them todos. */
export const DEMO_USERS = {
  alice: { id: 'user_alice_demo', email: 'alice@example.com', firstName: 'Alice' },
  bob: { id: 'user_bob_demo', email: 'bob@example.com', firstName: 'Bob' },
} as const
