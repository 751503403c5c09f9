import { TriangleAlertIcon } from 'lucide-react'
import { Alert } from '@/app/components/ui/alert'

export function Failed({ message }: { message: string }) {
  return (
    <Alert>
      <TriangleAlertIcon aria-hidden />
      <p>{message}</p>
    </Alert>
  )
}
