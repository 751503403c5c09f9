import 'server-only'
import { cookies } from 'next/headers'
import { parsePlace, PLACE_COOKIE, type Place } from './place'

/** Where this device lets SQL run; on the server until it chooses. */
export async function chosenPlace(): Promise<Place> {
  return parsePlace((await cookies()).get(PLACE_COOKIE)?.value) ?? 'server'
}
