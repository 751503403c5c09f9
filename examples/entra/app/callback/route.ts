import { redirect } from 'next/navigation'
import { returnFromEntra } from '../../lib/auth'

export async function GET(request: Request) {
  redirect((await returnFromEntra(new URL(request.url).searchParams)) ? '/' : '/?failed')
}
