CREATE TABLE "order_follows" (
	"site" text NOT NULL,
	"user_id" text NOT NULL,
	"order_id" text NOT NULL,
	"since" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "order_follows_site_order_id_user_id_pk" PRIMARY KEY("site","order_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "order_follows" ADD CONSTRAINT "order_follows_site_user_id_memberships_site_user_id_fk" FOREIGN KEY ("site","user_id") REFERENCES "memberships"("site","user_id") ON DELETE cascade;--> statement-breakpoint
CREATE INDEX "order_follows_person" ON "order_follows" USING btree ("site","user_id");