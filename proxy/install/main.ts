/**
 * Installs in a database what the proxy relies on: roles, `auth.*` functions, hardening. `npm run
 * db:migrate` runs this together with the application's own migrations (db/migrate.ts).
 *
 *   npm run proxy:install                   with DATABASE_URL, PROXY_DATABASE_URL, PROXY_SESSION_KEY
 *   npm run proxy:install -- --retire-keys  ends the validity of all session keys but this one
 *
 * To change the session key with no downtime: install with the new one (both are valid now), restart
 * every proxy with it, then retire the old one.
 */
import { installCommand, runCommand } from './command'
import { install } from './install'

await runCommand((line) => installCommand('proxy:install', (options) => install(options), line))
