import { NextResponse } from 'next/server'
import { leaveForGood } from '../../lib/auth'

export async function POST() {
  return NextResponse.redirect(await leaveForGood(), 303)
}
