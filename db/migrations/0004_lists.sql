CREATE TABLE "list_invitations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"list_id" uuid NOT NULL,
	"list_name" text NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"created_by" text DEFAULT auth.user_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "list_invitations_once" UNIQUE("list_id","email"),
	CONSTRAINT "list_invitations_role" CHECK ("list_invitations"."role" in ('editor', 'viewer')),
	CONSTRAINT "list_invitations_list_name_length" CHECK (char_length("list_invitations"."list_name") <= 100),
	CONSTRAINT "list_invitations_email_is_folded" CHECK ("list_invitations"."email" = lower("list_invitations"."email" collate "C") and "list_invitations"."email" ~ '^[^\s@]+@[^\s@]+$' and char_length("list_invitations"."email") <= 254)
);
--> statement-breakpoint
ALTER TABLE "list_invitations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "list_links" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"list_id" uuid NOT NULL,
	"role" text NOT NULL,
	"secret_hash" text NOT NULL,
	"created_by" text DEFAULT auth.user_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "list_links_secret_hash_unique" UNIQUE("secret_hash"),
	CONSTRAINT "list_links_role" CHECK ("list_links"."role" in ('editor', 'viewer')),
	CONSTRAINT "list_links_secret_is_hashed" CHECK ("list_links"."secret_hash" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
ALTER TABLE "list_links" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "list_members" (
	"list_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"may_edit" boolean GENERATED ALWAYS AS (role <> 'viewer') STORED NOT NULL,
	"may_own" boolean GENERATED ALWAYS AS (role = 'owner') STORED NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"joined_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "list_members_list_id_user_id_pk" PRIMARY KEY("list_id","user_id"),
	CONSTRAINT "list_members_role" CHECK ("list_members"."role" in ('owner', 'editor', 'viewer'))
);
--> statement-breakpoint
ALTER TABLE "list_members" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "lists" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"created_by" text DEFAULT auth.user_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "lists_name_is_trimmed" CHECK ("lists"."name" = btrim("lists"."name", E' \t\n\r') and char_length("lists"."name") between 1 and 100)
);
--> statement-breakpoint
ALTER TABLE "lists" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "reports" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"todo_id" uuid NOT NULL,
	"user_id" text DEFAULT auth.user_id() NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "reports_once" UNIQUE("todo_id","user_id"),
	CONSTRAINT "reports_reason_length" CHECK (char_length("reports"."reason") <= 500)
);
--> statement-breakpoint
ALTER TABLE "reports" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP INDEX "todos_of_user";--> statement-breakpoint
ALTER TABLE "todos" ADD COLUMN "list_id" uuid;--> statement-breakpoint
ALTER TABLE "todos" ADD COLUMN "notes" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "todos" ADD COLUMN "due_on" date;--> statement-breakpoint
ALTER TABLE "todos" ADD COLUMN "due_time" time;--> statement-breakpoint
ALTER TABLE "todos" ADD COLUMN "position" text collate "C" DEFAULT 'm' || lpad(upper(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint)), 13, '0') NOT NULL;--> statement-breakpoint
ALTER TABLE "todos" ADD COLUMN "hidden_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "list_invitations" ADD CONSTRAINT "list_invitations_list_id_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "public"."lists"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "list_links" ADD CONSTRAINT "list_links_list_id_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "public"."lists"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "list_members" ADD CONSTRAINT "list_members_list_id_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "public"."lists"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_todo_id_todos_id_fk" FOREIGN KEY ("todo_id") REFERENCES "public"."todos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "list_invitations_to" ON "list_invitations" USING btree ("email");--> statement-breakpoint
CREATE INDEX "list_links_of_list" ON "list_links" USING btree ("list_id","created_at");--> statement-breakpoint
CREATE INDEX "list_members_of_user" ON "list_members" USING btree ("user_id","list_id");--> statement-breakpoint
CREATE INDEX "reports_of_user" ON "reports" USING btree ("user_id","created_at");--> statement-breakpoint
ALTER TABLE "todos" ADD CONSTRAINT "todos_list_id_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "public"."lists"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "todos_of_list" ON "todos" USING btree ("list_id","position","id");--> statement-breakpoint
CREATE INDEX "todos_of_user" ON "todos" USING btree ("user_id","position","id");--> statement-breakpoint
ALTER TABLE "todos" ADD CONSTRAINT "todos_notes_length" CHECK (char_length("todos"."notes") <= 10000);--> statement-breakpoint
ALTER TABLE "todos" ADD CONSTRAINT "todos_due_time_has_a_day" CHECK ("todos"."due_time" is null or "todos"."due_on" is not null);--> statement-breakpoint
ALTER TABLE "todos" ADD CONSTRAINT "todos_position_is_a_key" CHECK ("todos"."position" ~ '^[A-Za-z][0-9A-Za-z]*$' and "todos"."position" <> 'A00000000000000000000000000' and char_length("todos"."position") between case when ascii("todos"."position") < 97 then 92 - ascii("todos"."position") else ascii("todos"."position") - 95 end and 500 and (right("todos"."position", 1) <> '0' or char_length("todos"."position") = case when ascii("todos"."position") < 97 then 92 - ascii("todos"."position") else ascii("todos"."position") - 95 end));--> statement-breakpoint
CREATE VIEW "public"."list_joins" AS (select null::text as secret, null::uuid as invitation_id, null::uuid as list_id, null::text as role where false);--> statement-breakpoint
CREATE POLICY "members see the todos of their lists" ON "todos" AS PERMISSIVE FOR SELECT TO "authenticated" USING ("todos"."list_id" is not null and "todos"."list_id" = any ((select access.lists_i_see())::uuid[]) and ("todos"."hidden_at" is null or (select auth.user_id()) = "todos"."user_id"));--> statement-breakpoint
CREATE POLICY "editors add todos to their lists" ON "todos" AS PERMISSIVE FOR INSERT TO "authenticated" WITH CHECK ((select auth.user_id()) = "todos"."user_id" and "todos"."list_id" is not null and "todos"."list_id" = any ((select access.lists_i_edit())::uuid[]) and "todos"."hidden_at" is null);--> statement-breakpoint
CREATE POLICY "editors change the todos of their lists" ON "todos" AS PERMISSIVE FOR UPDATE TO "authenticated" USING ("todos"."list_id" is not null and "todos"."list_id" = any ((select access.lists_i_edit())::uuid[]) and "todos"."hidden_at" is null) WITH CHECK ("todos"."list_id" is not null and "todos"."list_id" = any ((select access.lists_i_edit())::uuid[]) and "todos"."hidden_at" is null);--> statement-breakpoint
CREATE POLICY "editors delete the todos of their lists" ON "todos" AS PERMISSIVE FOR DELETE TO "authenticated" USING ("todos"."list_id" is not null and "todos"."list_id" = any ((select access.lists_i_edit())::uuid[]) and ("todos"."hidden_at" is null or (select auth.user_id()) = "todos"."user_id"));--> statement-breakpoint
CREATE POLICY "moderators see what was reported" ON "todos" AS PERMISSIVE FOR SELECT TO "moderator" USING ((select auth.session() -> 'metadata' ->> 'role') = 'moderator' and "todos"."list_id" is not null and "todos"."id" = any (array(select "reports"."todo_id" from "reports")));--> statement-breakpoint
CREATE POLICY "moderators hide what was reported" ON "todos" AS PERMISSIVE FOR UPDATE TO "moderator" USING ((select auth.session() -> 'metadata' ->> 'role') = 'moderator' and "todos"."list_id" is not null and "todos"."id" = any (array(select "reports"."todo_id" from "reports"))) WITH CHECK ((select auth.session() -> 'metadata' ->> 'role') = 'moderator' and "todos"."list_id" is not null and "todos"."id" = any (array(select "reports"."todo_id" from "reports")));--> statement-breakpoint
CREATE POLICY "moderators delete what was reported" ON "todos" AS PERMISSIVE FOR DELETE TO "moderator" USING ((select auth.session() -> 'metadata' ->> 'role') = 'moderator' and "todos"."list_id" is not null and "todos"."id" = any (array(select "reports"."todo_id" from "reports")));--> statement-breakpoint
CREATE POLICY "owners see the invitations to their lists" ON "list_invitations" AS PERMISSIVE FOR SELECT TO "authenticated" USING ("list_invitations"."list_id" = any ((select access.lists_i_own())::uuid[]));--> statement-breakpoint
CREATE POLICY "users see the invitations to their address" ON "list_invitations" AS PERMISSIVE FOR SELECT TO "authenticated" USING ((select access.my_email()) = "list_invitations"."email");--> statement-breakpoint
CREATE POLICY "owners invite to their lists" ON "list_invitations" AS PERMISSIVE FOR INSERT TO "authenticated" WITH CHECK ((select auth.user_id()) = "list_invitations"."created_by" and "list_invitations"."list_id" = any ((select access.lists_i_own())::uuid[]));--> statement-breakpoint
CREATE POLICY "owners withdraw invitations to their lists" ON "list_invitations" AS PERMISSIVE FOR DELETE TO "authenticated" USING ("list_invitations"."list_id" = any ((select access.lists_i_own())::uuid[]));--> statement-breakpoint
CREATE POLICY "users decline the invitations to their address" ON "list_invitations" AS PERMISSIVE FOR DELETE TO "authenticated" USING ((select access.my_email()) = "list_invitations"."email");--> statement-breakpoint
CREATE POLICY "owners see the links to their lists" ON "list_links" AS PERMISSIVE FOR SELECT TO "authenticated" USING ("list_links"."list_id" = any ((select access.lists_i_own())::uuid[]));--> statement-breakpoint
CREATE POLICY "owners make links to their lists" ON "list_links" AS PERMISSIVE FOR INSERT TO "authenticated" WITH CHECK ((select auth.user_id()) = "list_links"."created_by" and "list_links"."list_id" = any ((select access.lists_i_own())::uuid[]));--> statement-breakpoint
CREATE POLICY "owners revoke links to their lists" ON "list_links" AS PERMISSIVE FOR DELETE TO "authenticated" USING ("list_links"."list_id" = any ((select access.lists_i_own())::uuid[]));--> statement-breakpoint
CREATE POLICY "members see each other" ON "list_members" AS PERMISSIVE FOR SELECT TO "authenticated" USING ("list_members"."list_id" = any ((select access.lists_i_see())::uuid[]));--> statement-breakpoint
CREATE POLICY "owners change roles" ON "list_members" AS PERMISSIVE FOR UPDATE TO "authenticated" USING ("list_members"."list_id" = any ((select access.lists_i_own())::uuid[])) WITH CHECK ("list_members"."list_id" = any ((select access.lists_i_own())::uuid[]));--> statement-breakpoint
CREATE POLICY "members leave" ON "list_members" AS PERMISSIVE FOR DELETE TO "authenticated" USING ((select auth.user_id()) = "list_members"."user_id");--> statement-breakpoint
CREATE POLICY "owners remove members" ON "list_members" AS PERMISSIVE FOR DELETE TO "authenticated" USING ("list_members"."list_id" = any ((select access.lists_i_own())::uuid[]));--> statement-breakpoint
CREATE POLICY "members see their lists" ON "lists" AS PERMISSIVE FOR SELECT TO "authenticated" USING ("lists"."id" = any ((select access.lists_i_see())::uuid[]));--> statement-breakpoint
CREATE POLICY "users create lists of their own" ON "lists" AS PERMISSIVE FOR INSERT TO "authenticated" WITH CHECK ((select auth.user_id()) = "lists"."created_by");--> statement-breakpoint
CREATE POLICY "owners rename their lists" ON "lists" AS PERMISSIVE FOR UPDATE TO "authenticated" USING ("lists"."id" = any ((select access.lists_i_own())::uuid[]));--> statement-breakpoint
CREATE POLICY "owners delete their lists" ON "lists" AS PERMISSIVE FOR DELETE TO "authenticated" USING ("lists"."id" = any ((select access.lists_i_own())::uuid[]));--> statement-breakpoint
CREATE POLICY "users see their own reports" ON "reports" AS PERMISSIVE FOR SELECT TO "authenticated" USING ((select auth.user_id()) = "reports"."user_id");--> statement-breakpoint
CREATE POLICY "members report todos that they see" ON "reports" AS PERMISSIVE FOR INSERT TO "authenticated" WITH CHECK ((select auth.user_id()) = "reports"."user_id" and exists (select from "todos" where "todos"."id" = "reports"."todo_id" and "todos"."list_id" is not null));--> statement-breakpoint
CREATE POLICY "users withdraw their own reports" ON "reports" AS PERMISSIVE FOR DELETE TO "authenticated" USING ((select auth.user_id()) = "reports"."user_id");--> statement-breakpoint
CREATE POLICY "moderators see reports" ON "reports" AS PERMISSIVE FOR SELECT TO "moderator" USING ((select auth.session() -> 'metadata' ->> 'role') = 'moderator');--> statement-breakpoint
CREATE POLICY "moderators close reports" ON "reports" AS PERMISSIVE FOR DELETE TO "moderator" USING ((select auth.session() -> 'metadata' ->> 'role') = 'moderator');--> statement-breakpoint
ALTER POLICY "users see their own todos" ON "todos" TO authenticated USING (case when "todos"."list_id" is null then true else false end and (select auth.user_id()) = "todos"."user_id");--> statement-breakpoint
ALTER POLICY "users add todos of their own" ON "todos" TO authenticated WITH CHECK (case when "todos"."list_id" is null then true else false end and (select auth.user_id()) = "todos"."user_id");--> statement-breakpoint
ALTER POLICY "users change their own todos and keep them" ON "todos" TO authenticated USING (case when "todos"."list_id" is null then true else false end and (select auth.user_id()) = "todos"."user_id") WITH CHECK (case when "todos"."list_id" is null then true else false end and (select auth.user_id()) = "todos"."user_id");--> statement-breakpoint
ALTER POLICY "users delete their own todos" ON "todos" TO authenticated USING (case when "todos"."list_id" is null then true else false end and (select auth.user_id()) = "todos"."user_id");