// A small app on Slack's own SDK, unmodified, against the workspace at SLACK_API_URL. It says "ready" when its
// socket is connected and ends with its standard input.
import bolt from "@slack/bolt";

const app = new bolt.App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
  logLevel: bolt.LogLevel.WARN,
});

const text = (text) => ({ type: "plain_text", text });
const form = {
  type: "modal",
  callback_id: "declare",
  title: text("Declare"),
  submit: text("Open"),
  blocks: [{ type: "input", block_id: "title", label: text("Title"), element: { type: "plain_text_input", action_id: "title" } }],
};

// A command is answered in its ack and once more by its response_url.
app.command("/incident", async ({ command, ack, respond }) => {
  await ack(`heard ${command.text}`);
  await respond({ text: `and again ${command.text}`, response_type: "ephemeral" });
});

// A button changes its message.
app.action("ack", async ({ ack, body, client }) => {
  await ack();
  await client.chat.update({ channel: body.channel.id, ts: body.message.ts, text: `acknowledged by ${body.user.name}` });
});

// A shortcut opens a form, the form is refused once and then opens a channel.
app.shortcut("declare_incident", async ({ ack, shortcut, client }) => {
  await ack();
  await client.views.open({ trigger_id: shortcut.trigger_id, view: form });
});
app.view("declare", async ({ ack, view, body, client }) => {
  const title = view.state.values.title.title.value;
  if (title.length < 5) {
    await ack({ response_action: "errors", errors: { title: "Say a little more." } });
    return;
  }
  await ack();
  const { channel } = await client.conversations.create({ name: "inc-1" });
  await client.conversations.invite({ channel: channel.id, users: body.user.id });
  await client.filesUploadV2({ channel_id: channel.id, filename: "title.txt", content: title, initial_comment: title });
});

// A mention is answered in its thread, with everybody's name, fetched page by page.
app.event("app_mention", async ({ event, say, client }) => {
  const names = [];
  for await (const page of client.paginate("users.list", { limit: 2 })) names.push(...page.members.map((m) => m.name));
  await say({ text: `${names.length} people`, thread_ts: event.ts });
});

// Words in a channel get an emoji.
app.message("fire", async ({ message, client }) => {
  await client.reactions.add({ channel: message.channel, timestamp: message.ts, name: "fire" });
});

await app.start();
console.log("ready");
process.stdin.resume();
process.stdin.on("end", async () => {
  await app.stop();
  process.exit(0);
});
