/** Every table that users reach: what drizzle-kit, `npm run db:migrate` and the queries go by. */
export * from './list-invitations'
export * from './list-joins'
export * from './list-links'
export * from './list-members'
export * from './lists'
export * from './live'
export * from './reports'
export * from './todos'
