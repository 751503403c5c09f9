CREATE TABLE "todos" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" text DEFAULT auth.user_id() NOT NULL,
	"task" text NOT NULL,
	"is_complete" boolean DEFAULT false NOT NULL,
	"inserted_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "todos_task_is_trimmed" CHECK ("todos"."task" = btrim("todos"."task", E' \t\n\r') and char_length("todos"."task") between 1 and 500)
);
--> statement-breakpoint
ALTER TABLE "todos" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "todos_of_user" ON "todos" USING btree ("user_id","inserted_at","id");--> statement-breakpoint
CREATE POLICY "users see their own todos" ON "todos" AS PERMISSIVE FOR SELECT TO "authenticated" USING ((select auth.user_id()) = "todos"."user_id");--> statement-breakpoint
CREATE POLICY "users add todos of their own" ON "todos" AS PERMISSIVE FOR INSERT TO "authenticated" WITH CHECK ((select auth.user_id()) = "todos"."user_id");--> statement-breakpoint
CREATE POLICY "users change their own todos and keep them" ON "todos" AS PERMISSIVE FOR UPDATE TO "authenticated" USING ((select auth.user_id()) = "todos"."user_id") WITH CHECK ((select auth.user_id()) = "todos"."user_id");--> statement-breakpoint
CREATE POLICY "users delete their own todos" ON "todos" AS PERMISSIVE FOR DELETE TO "authenticated" USING ((select auth.user_id()) = "todos"."user_id");