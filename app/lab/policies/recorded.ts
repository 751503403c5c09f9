/**
 * A table and a trial as the service answered them. service.test.ts compares them with new ones, and writes them here
 * when it runs with RECORD=1.
 */
import { z } from 'zod'
import { catalog, tried } from '../service/api'
import json from './recorded.json'

export const recorded = z
  .object({ sql: z.string(), table: catalog.shape.tables.element, tried })
  .parse(json)
