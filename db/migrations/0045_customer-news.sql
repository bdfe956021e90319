CREATE TABLE "customer_mails" (
	"site" text NOT NULL,
	"order_id" text NOT NULL,
	"news" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"outcome" text NOT NULL,
	"address_hash" text,
	"invalid_address" text,
	"message_id" text,
	"token_hash" text,
	CONSTRAINT "customer_mails_site_order_id_news_pk" PRIMARY KEY("site","order_id","news")
);
--> statement-breakpoint
CREATE TABLE "customer_news" (
	"site" text NOT NULL,
	"settings" jsonb NOT NULL,
	"enabled_at" timestamp (3) with time zone,
	CONSTRAINT "customer_news_site_pk" PRIMARY KEY("site")
);
--> statement-breakpoint
CREATE TABLE "customer_opt_outs" (
	"site" text NOT NULL,
	"address_hash" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "customer_opt_outs_site_address_hash_pk" PRIMARY KEY("site","address_hash")
);
--> statement-breakpoint
CREATE TABLE "message_texts" (
	"site" text NOT NULL,
	"key" text NOT NULL,
	"language" text NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "message_texts_site_key_language_pk" PRIMARY KEY("site","key","language")
);
--> statement-breakpoint
ALTER TABLE "customer_mails" ADD CONSTRAINT "customer_mails_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "customer_news" ADD CONSTRAINT "customer_news_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "customer_opt_outs" ADD CONSTRAINT "customer_opt_outs_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "message_texts" ADD CONSTRAINT "message_texts_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
CREATE UNIQUE INDEX "customer_mails_token" ON "customer_mails" USING btree ("token_hash") WHERE token_hash is not null;--> statement-breakpoint
CREATE INDEX "customer_mails_address" ON "customer_mails" USING btree ("site","address_hash","at");--> statement-breakpoint
CREATE INDEX "customer_mails_at" ON "customer_mails" USING btree ("site","at");