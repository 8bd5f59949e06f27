/** Styles of the launcher, the panel, and the place to write. */

export const FRAME = `
.launcher {
  position: relative;
  display: grid; place-items: center;
  width: 60px; height: 60px; margin-inline-start: auto;
  border-radius: 22px 22px 8px 22px;
  color: var(--on-accent);
  background: radial-gradient(120% 120% at 90% 0, color-mix(in srgb, var(--glow) 32%, transparent), transparent 60%),
    var(--accent);
  box-shadow: 0 10px 26px -6px color-mix(in srgb, var(--accent) 60%, transparent), 0 2px 6px rgb(0 0 0 / 0.18);
  transition: transform 0.18s ease, border-radius 0.18s ease;
}
.launcher:hover { transform: translateY(-2px); }
.launcher:active { transform: translateY(0) scale(0.97); }
.launcher:focus-visible { outline-offset: 3px; }
.launcher .icon { grid-area: 1 / 1; width: 27px; height: 27px; transition: opacity 0.15s, transform 0.2s; }
.launcher .icon-down, .launcher.is-open .icon-chat { opacity: 0; transform: scale(0.6); }
.launcher.is-open .icon-down { opacity: 1; transform: none; }
.launcher.is-open { border-radius: 50%; }
.badge {
  position: absolute; top: -6px; inset-inline-end: -6px;
  min-width: 23px; height: 23px; padding: 0 6px;
  border-radius: 12px; border: 2px solid var(--ground);
  background: #c2321f; color: #fff;
  font-size: 12px; font-weight: 700; line-height: 19px; text-align: center;
}

.panel {
  position: fixed; inset: auto 20px 94px auto;
  display: flex; flex-direction: column;
  width: min(396px, calc(100vw - 40px));
  height: min(690px, calc(100vh - 118px));
  height: min(690px, calc(100dvh - 118px));
  overflow: hidden;
  border-radius: 22px;
  background: var(--ground);
  box-shadow: var(--lift);
  animation: panel-in 0.24s cubic-bezier(0.2, 0.9, 0.3, 1);
  transform-origin: bottom right;
}
@keyframes panel-in { from { opacity: 0; transform: translateY(14px) scale(0.98); } }

.header {
  display: flex; align-items: center; gap: 12px; flex: none;
  padding: 16px 14px 16px 18px;
  color: var(--on-accent);
  background: radial-gradient(90% 190% at 100% 0, color-mix(in srgb, var(--glow) 26%, transparent), transparent 58%),
    var(--accent);
}
.mark {
  position: relative; flex: none;
  display: grid; place-items: center; width: 42px; height: 42px;
  border-radius: 14px 14px 5px 14px;
  background: rgb(255 255 255 / 0.16);
  box-shadow: inset 0 0 0 1px rgb(255 255 255 / 0.16);
}
.mark::after {
  content: ""; position: absolute; right: -3px; bottom: -3px; width: 12px; height: 12px;
  border-radius: 50%; border: 2.5px solid var(--accent); background: #6fdc9c;
}
.panel[data-owner="queue"] .mark::after { background: var(--glow); }
.panel[data-owner="closed"] .mark::after { background: #b9b4ab; }
.mark .icon { width: 25px; height: 25px; }
.panel:not([data-owner="agent"]) .mark .icon-person, .panel[data-owner="agent"] .mark .icon-door { display: none; }
.header-text { flex: 1; min-width: 0; }
.title { font-size: 17px; font-weight: 650; line-height: 1.25; letter-spacing: -0.01em; }
.header-who { margin-top: 2px; font-size: 13px; line-height: 1.3; overflow-wrap: anywhere; }
.header-name { font-weight: 650; }
.close { display: grid; place-items: center; width: 38px; height: 38px; border-radius: 12px; }
.close:hover { background: rgb(255 255 255 / 0.15); }
.close:focus-visible { outline-color: currentColor; outline-offset: -2px; }

.banner {
  flex: none; padding: 7px 16px; font-size: 13px; font-weight: 550; text-align: center;
  color: var(--warn); background: var(--warn-ground);
}
.banner:empty { display: none; }

.middle { position: relative; flex: 1; min-height: 0; display: flex; }
.more {
  position: absolute; bottom: 12px; left: 50%; transform: translateX(-50%);
  display: flex; align-items: center; gap: 6px;
  padding: 7px 15px 7px 11px; border-radius: 99px; white-space: nowrap;
  background: var(--accent); color: var(--on-accent); box-shadow: 0 6px 18px rgb(0 0 0 / 0.25);
  font-size: 13px; font-weight: 600;
}
.more .icon { width: 16px; height: 16px; }

.composer {
  flex: none; padding: 10px 12px max(12px, env(safe-area-inset-bottom));
  background: var(--surface); border-top: 1px solid var(--line);
}
.row {
  display: flex; align-items: flex-end; gap: 4px; padding: 4px;
  border: 1.5px solid var(--line); border-radius: 20px; background: var(--ground);
  transition: border-color 0.15s, box-shadow 0.15s;
}
.row:focus-within {
  border-color: var(--accent-text);
  box-shadow: 0 0 0 3px color-mix(in srgb, var(--accent-text) 16%, transparent);
}
.tool, .send { display: grid; place-items: center; flex: none; width: 38px; height: 38px; border-radius: 14px; }
.tool { color: var(--soft); }
.tool:hover { color: var(--accent-text); background: var(--hover); }
.send { background: var(--accent); color: var(--on-accent); transition: opacity 0.15s; }
.send:hover:not(:disabled) { filter: brightness(1.08); }
.send:disabled { background: var(--line); color: var(--soft); }
.grow { display: grid; flex: 1; min-width: 0; max-height: 132px; overflow-y: auto; }
.grow::after {
  content: attr(data-text); visibility: hidden; white-space: pre-wrap; overflow-wrap: anywhere;
  grid-area: 1 / 1; padding: 8px 6px; min-height: 38px;
}
.input {
  grid-area: 1 / 1; width: 100%; padding: 8px 6px; border: 0; outline: 0; resize: none; overflow: hidden;
  background: none; overflow-wrap: anywhere;
}
.input::placeholder { color: var(--soft); opacity: 1; }
.count { padding: 0 8px 6px; text-align: end; font-size: 12px; color: var(--soft); font-variant-numeric: tabular-nums; }
.count.over { color: var(--bad); font-weight: 600; }
.tray { display: flex; flex-direction: column; gap: 6px; padding-bottom: 8px; }
.tray .file[data-state="failed"] { border-color: var(--bad); }
.tray .file[data-state="failed"] .file-size { color: var(--bad); white-space: normal; }
.file-remove { display: grid; place-items: center; width: 26px; height: 26px; margin-inline-start: auto; border-radius: 8px; flex: none; }
.file-remove:hover { background: var(--hover); }
.file-remove .icon { width: 16px; height: 16px; }

@media (max-width: 480px) {
  .panel { inset: 0; width: auto; height: auto; border-radius: 0; }
  .launcher.is-open { visibility: hidden; }
  .input, .grow::after { font-size: 16px; }
  .composer { padding-inline: 8px; }
}
`;
