/** On the server: the visitor's day, by the time zone that their browser has told before. */
import 'server-only'
import { cookies } from 'next/headers'
import { dayIn, TIME_ZONE_COOKIE } from './day-in'

export async function todayOfVisitor(): Promise<string> {
  return dayIn((await cookies()).get(TIME_ZONE_COOKIE)?.value)
}
