import type { ComponentProps } from 'react'
import { cn } from '@/lib/cn'

/** It grows with its text. */
export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea data-slot="textarea" className={cn('field textarea', className)} {...props} />
}
