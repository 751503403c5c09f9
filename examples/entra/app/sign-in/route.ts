import { redirect } from 'next/navigation'
import { leaveForEntra } from '../../lib/auth'

export async function GET(request: Request) {
  redirect(await leaveForEntra(new URL(request.url).searchParams.has('new')))
}
