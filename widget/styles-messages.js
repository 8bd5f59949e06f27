/** Styles of what is inside the list of messages. */

export const MESSAGES = `
.log {
  flex: 1; min-width: 0; overflow: hidden auto; overscroll-behavior: contain;
  padding: 16px 16px 18px; outline-offset: -3px;
  scrollbar-width: thin; scrollbar-color: var(--line) transparent;
}
.day { margin: 8px 0 12px; text-align: center; font-size: 12px; font-weight: 550; color: var(--soft); }

.welcome { display: flex; flex-direction: column; align-items: center; padding: 30px 10px 12px; text-align: center; }
.welcome-mark {
  display: grid; place-items: center; width: 68px; height: 68px; margin-bottom: 16px;
  border-radius: 24px 24px 8px 24px; color: var(--accent-text);
  background: radial-gradient(110% 110% at 85% 5%, color-mix(in srgb, var(--glow) 60%, transparent), transparent 72%),
    color-mix(in srgb, var(--accent) 14%, var(--surface));
}
.welcome-mark .icon { width: 36px; height: 36px; stroke-width: 1.5; }
.welcome-hello { font-size: 18px; font-weight: 650; line-height: 1.35; letter-spacing: -0.01em; text-wrap: balance; }
.welcome-more { margin-top: 6px; color: var(--soft); text-wrap: balance; }
.welcome .choices { justify-content: center; margin-top: 20px; }

.message { display: flex; flex-direction: column; align-items: flex-start; margin-top: 6px; }
.message.first { margin-top: 16px; }
.list > .day + .message.first { margin-top: 0; }
.message.from-buyer { align-items: flex-end; }
.message.from-notice { align-items: center; margin-top: 14px; }
.message > :not(.meta) { animation: message-in 0.22s ease-out; }
@keyframes message-in { from { opacity: 0; transform: translateY(6px); } }

.meta { margin: 0 4px 4px; font-size: 12px; color: var(--soft); }
.who { font-weight: 600; color: var(--text); }
.from-agent .who { display: inline-flex; align-items: center; gap: 5px; vertical-align: bottom; max-width: 100%; overflow-wrap: anywhere; }
.who .icon {
  width: 18px; height: 18px; padding: 2.5px; border-radius: 50%; stroke-width: 2.4;
  color: var(--text); background: color-mix(in srgb, var(--glow) 42%, var(--surface));
}
.from-buyer .who, .from-buyer .separator, .message:not(.first) .meta {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.bubble {
  max-width: 86%; padding: 10px 14px;
  border-radius: 6px 18px 18px 18px;
  background: var(--surface); box-shadow: var(--shadow), 0 0 0 1px var(--line);
  white-space: pre-line; overflow-wrap: anywhere;
}
.message:not(.first) .bubble { border-start-start-radius: 18px; }
.from-agent .bubble {
  background: color-mix(in srgb, var(--glow) 11%, var(--surface));
  box-shadow: var(--shadow), 0 0 0 1.5px color-mix(in srgb, var(--glow) 70%, var(--line));
}
.from-buyer .bubble {
  background: var(--accent); color: var(--on-accent); box-shadow: var(--shadow);
  border-radius: 18px 6px 18px 18px;
}
.from-buyer:not(.first) .bubble { border-start-end-radius: 18px; border-start-start-radius: 18px; }
.bubble a { color: var(--accent-text); }
.from-buyer .bubble a { color: inherit; }
.notice {
  max-width: 92%; padding: 7px 14px; border-radius: 14px; text-align: center; text-wrap: balance;
  font-size: 13px; color: var(--soft); background: var(--hover); white-space: pre-line; overflow-wrap: anywhere;
}
[data-state="sending"] .bubble, [data-state="waiting"] .bubble, [data-state="slow"] .bubble { opacity: 0.72; }
[data-state="refused"] .bubble { background: var(--bad-ground); color: var(--bad); }
.state:empty { display: none; }
.state { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 2px 10px; margin: 4px 4px 0; font-size: 12.5px; color: var(--soft); }
[data-state="refused"] .state { color: var(--bad); }

.choices { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px; }
.choice {
  padding: 9px 15px; border-radius: 18px; text-align: start; font-weight: 550; line-height: 1.3; overflow-wrap: anywhere;
  color: var(--accent-text); background: var(--surface);
  box-shadow: inset 0 0 0 1.5px color-mix(in srgb, var(--accent-text) 55%, transparent), var(--shadow);
  transition: background-color 0.15s, transform 0.15s;
}
.choice:hover:not(:disabled) { background: color-mix(in srgb, var(--accent-text) 11%, var(--surface)); transform: translateY(-1px); }
.choice:disabled { color: var(--soft); background: none; box-shadow: inset 0 0 0 1px var(--line); font-weight: 450; }
.choice.taken { background: color-mix(in srgb, var(--accent-text) 13%, var(--ground)); color: var(--accent-text); font-weight: 550; }
.quiet { color: var(--accent-text); font-weight: 600; text-decoration: underline; text-underline-offset: 3px; }

.attachments { display: flex; flex-direction: column; gap: 6px; max-width: 86%; }
.from-buyer .attachments { align-items: flex-end; }
.message .bubble + .attachments { margin-top: 6px; }
.file {
  display: flex; align-items: center; gap: 8px; max-width: 100%; padding: 7px 12px;
  border: 1px solid var(--line); border-radius: 14px; background: var(--surface); font-size: 13.5px;
}
.file .icon { color: var(--soft); width: 20px; height: 20px; }
.file-name { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.file-size { color: var(--soft); font-size: 12.5px; white-space: nowrap; }
.photo { display: block; }
.photo img {
  display: block; max-width: 240px; max-height: 240px; border-radius: 16px; object-fit: cover;
  box-shadow: var(--shadow), 0 0 0 1px var(--line);
}

.card {
  width: 100%; max-width: 340px; padding: 14px 16px; border-radius: 18px; overflow-wrap: anywhere;
  background: var(--surface); box-shadow: var(--shadow), 0 0 0 1px var(--line);
}
.message > .bubble + .card { margin-top: 6px; }
.card-title { display: flex; align-items: center; gap: 8px; font-weight: 650; }
.card-title .icon { color: var(--accent-text); }
.parcel { margin-top: 12px; }
.parcel + .parcel { margin-top: 16px; padding-top: 16px; border-top: 1px solid var(--line); }
.pill {
  display: inline-block; max-width: 100%; padding: 4px 12px; border-radius: 14px; overflow-wrap: anywhere; font-size: 13px; font-weight: 650;
  color: var(--text); background: var(--hover);
}
.pill[data-tone="good"] { color: var(--good); background: var(--good-ground); }
.pill[data-tone="calm"] { color: var(--calm); background: var(--calm-ground); }
.pill[data-tone="warn"] { color: var(--warn); background: var(--warn-ground); }
.pill[data-tone="bad"] { color: var(--bad); background: var(--bad-ground); }
.parcel-expected { margin-top: 9px; }
.parcel-expected strong { font-weight: 650; }
.parcel-label { color: var(--soft); }
.parcel-number { margin-top: 3px; font-size: 13px; color: var(--soft); overflow-wrap: anywhere; }
.number { font-variant-numeric: tabular-nums; letter-spacing: 0.02em; user-select: all; }
.parcel-carrier + .number::before { content: "· "; }
.way { margin: 14px 0 0; }
.step { position: relative; padding: 0 0 14px 24px; }
.step:last-child { padding-bottom: 0; }
.step::before {
  content: ""; position: absolute; left: 4px; top: 5px; width: 9px; height: 9px; border-radius: 50%;
  background: var(--surface); box-shadow: 0 0 0 2px var(--line);
}
.step::after { content: ""; position: absolute; left: 8px; top: 18px; bottom: -2px; width: 1.5px; background: var(--line); }
.step:last-child::after { display: none; }
.step:first-child::before {
  background: var(--accent-text);
  box-shadow: 0 0 0 4px color-mix(in srgb, var(--accent-text) 20%, transparent);
}
.step-text { display: block; line-height: 1.35; overflow-wrap: anywhere; }
.step:first-child .step-text { font-weight: 600; }
.step-meta { display: block; margin-top: 1px; font-size: 12.5px; color: var(--soft); }
.way + .quiet { margin-top: 10px; font-size: 13px; }

.typing {
  display: inline-flex; align-items: center; gap: 5px; max-width: 86%; margin-top: 14px; padding: 14px 15px; border-radius: 6px 18px 18px 18px;
  background: var(--surface); box-shadow: var(--shadow), 0 0 0 1px var(--line);
}
.typing:not([data-person]) .typing-text {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.typing-text { min-width: 0; margin-inline-end: 3px; font-size: 13px; color: var(--soft); overflow-wrap: anywhere; }
.typing[data-person] {
  padding-block: 10px; background: color-mix(in srgb, var(--glow) 11%, var(--surface));
  box-shadow: var(--shadow), 0 0 0 1.5px color-mix(in srgb, var(--glow) 70%, var(--line));
}
.dot { flex: none; width: 7px; height: 7px; border-radius: 50%; background: var(--soft); animation: dot 1.2s infinite ease-in-out; }
.dot:nth-of-type(3) { animation-delay: 0.15s; }
.dot:nth-of-type(4) { animation-delay: 0.3s; }
@keyframes dot { 0%, 60%, 100% { opacity: 0.35; } 30% { opacity: 1; transform: translateY(-3px); } }
`;
