import type { ComponentProps } from 'react'
import { cn } from '@/lib/cn'

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      data-slot="textarea"
      className={cn(
        // It grows with its text; 16 px on a phone, or iOS zooms the page in.
        'field-sizing-content max-h-[50dvh] min-h-32 w-full min-w-0 resize-none rounded-md border border-input bg-card px-3 py-2 text-base transition-colors placeholder:text-muted-foreground focus-visible:outline-offset-0 aria-invalid:border-destructive',
        className,
      )}
      {...props}
    />
  )
}
