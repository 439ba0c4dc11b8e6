// What the provider on loopback says is understood by the SDKs of another language. Start it (dotnet run --project samples/FakeProvider),
// then here: npm ci && node check.mjs http://127.0.0.1:PORT
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

const address = process.argv[2];
const openai = new OpenAI({ apiKey: 'none', baseURL: `${address}/v1`, maxRetries: 0 });
const anthropic = new Anthropic({ apiKey: 'none', baseURL: address, maxRetries: 0 });
const by = (script) => ({ headers: { 'fake-script': script } });
const messages = [{ role: 'user', content: 'Say hello.' }];
const chat = { model: 'gpt-5', messages };
const responses = { model: 'gpt-5', input: 'Say hello.' };
const message = { model: 'claude-sonnet-5', max_tokens: 1000, messages };

let checks = 0;
const check = async (name, run) => {
  await run();
  checks++;
  console.log(`ok ${name}`);
};

await check('chat', async () => {
  const answer = await openai.chat.completions.create(chat, by('cached'));
  assert.equal(answer.choices[0].message.content, 'Hello, world.');
  assert.deepEqual([answer.usage.prompt_tokens, answer.usage.prompt_tokens_details.cached_tokens], [12, 8]);
});
await check('chat, stream', async () => {
  let text = '';
  let usage;
  const stream = await openai.chat.completions.create({ ...chat, stream: true, stream_options: { include_usage: true } }, by('reasoning'));
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, 'Hello, world.');
  assert.deepEqual([usage.completion_tokens, usage.completion_tokens_details.reasoning_tokens], [24, 20]);
});
await check('chat, tool', async () => {
  const answer = await openai.chat.completions.create(chat, by('tool'));
  assert.equal(JSON.parse(answer.choices[0].message.tool_calls[0].function.arguments).query, 'hard limits');
});
await check('chat, tool stream', async () => {
  let called = '';
  let reason;
  for await (const chunk of await openai.chat.completions.create({ ...chat, stream: true }, by('tool'))) {
    called += chunk.choices[0]?.delta.tool_calls?.[0].function.arguments ?? '';
    reason = chunk.choices[0]?.finish_reason ?? reason;
  }
  assert.deepEqual([JSON.parse(called), reason], [{ query: 'hard limits' }, 'tool_calls']);
});
await check('chat, incomplete', async () => {
  const answer = await openai.chat.completions.create({ ...chat, max_completion_tokens: 2 });
  assert.deepEqual([answer.choices[0].finish_reason, answer.usage.completion_tokens], ['length', 2]);
});
await check('responses', async () => {
  const answer = await openai.responses.create(responses, by('reasoning'));
  assert.deepEqual([answer.output_text, answer.usage.output_tokens], ['Hello, world.', 24]);
});
await check('responses, stream', async () => {
  let text = '';
  let end;
  for await (const event of openai.responses.stream({ ...responses, max_output_tokens: 22 }, by('reasoning'))) {
    if (event.type === 'response.output_text.delta') text += event.delta;
    if (event.type === 'response.incomplete') end = event.response;
  }
  assert.deepEqual([text, end.status, end.usage.output_tokens], ['Hello, ', 'incomplete', 22]);
});
await check('responses, tool', async () => {
  const [call] = (await openai.responses.create(responses, by('tool'))).output;
  assert.deepEqual([call.type, JSON.parse(call.arguments)], ['function_call', { query: 'hard limits' }]);
});
await check('responses, tool stream', async () => {
  const [call] = (await openai.responses.stream(responses, by('tool')).finalResponse()).output;
  assert.deepEqual([call.type, JSON.parse(call.arguments)], ['function_call', { query: 'hard limits' }]);
});
await check('responses, failed', async () => {
  let status;
  for await (const event of await openai.responses.create({ ...responses, stream: true }, by('failed'))) {
    if (event.type === 'response.failed') status = event.response.status;
  }
  assert.equal(status, 'failed');
});
await check('messages', async () => {
  const answer = await anthropic.messages.create(message, by('cached'));
  assert.deepEqual([answer.content[0].text, answer.usage.input_tokens, answer.usage.cache_read_input_tokens], ['Hello, world.', 4, 8]);
});
await check('messages, stream', async () => {
  const answer = await anthropic.messages.stream(message, by('reasoning')).finalMessage();
  assert.deepEqual([answer.content[0].text, answer.usage.output_tokens, answer.stop_reason], ['Hello, world.', 24, 'end_turn']);
});
await check('messages, tool stream', async () => {
  const answer = await anthropic.messages.stream(message, by('tool')).finalMessage();
  assert.deepEqual([answer.content[0].input, answer.stop_reason], [{ query: 'hard limits' }, 'tool_use']);
});
await check('messages, incomplete', async () => {
  const answer = await anthropic.messages.create({ ...message, max_tokens: 2 });
  assert.deepEqual([answer.content[0].text, answer.usage.output_tokens, answer.stop_reason], ['Hello, ', 2, 'max_tokens']);
});
await check('messages, failed', async () => {
  await assert.rejects(anthropic.messages.stream(message, by('failed')).finalMessage(), /529/);
});
await check('limited, and sent again', async () => {
  const again = { ...by('limited'), maxRetries: 1 };
  await assert.rejects(openai.chat.completions.create(chat, again), OpenAI.RateLimitError);
  await assert.rejects(anthropic.messages.create(message, again), Anthropic.RateLimitError);
});
await check('broken', async () => {
  await assert.rejects(openai.responses.create(responses, by('broken')), OpenAI.InternalServerError);
  await assert.rejects(anthropic.messages.create(message, by('broken')), Anthropic.InternalServerError);
});
await check('cut', async () => {
  const read = async (stream) => {
    for await (const piece of stream) assert.ok(piece);
  };
  await assert.rejects(openai.chat.completions.create({ ...chat, stream: true }, by('cut')).then(read));
  await assert.rejects(openai.responses.create({ ...responses, stream: true }, by('cut')).then(read));
  await assert.rejects(anthropic.messages.stream(message, by('cut')).finalMessage());
});
console.log(`${checks} checks`);
