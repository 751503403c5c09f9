/** Every table that users reach: what drizzle-kit, `npm run db:migrate` and the queries go by. */
export * from './todos'
