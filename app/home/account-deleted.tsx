/** Says goodbye to a user who has deleted their account, and has just been brought here. */
export function AccountDeleted() {
  return (
    <p role="status" className="rounded-xl border bg-card p-5">
      Your account is deleted, and your todos with it.
    </p>
  )
}
