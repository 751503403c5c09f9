/** The main app's, for a copy whose packages are in the folders above. */
import { join } from 'node:path'
import config from './app.config.js'

/** @type {import('next').NextConfig} */
export default { ...config, turbopack: { root: join(import.meta.dirname, '../../..') } }
