/**
 * What the lab's issuer and a proxy of the lab made of each ready token. service.test.ts compares it with what they
 * make of it now, and writes that here when it runs with RECORD=1.
 */
import json from './recorded.json'
import { recording } from './recording'

export const recorded = recording.parse(json)
