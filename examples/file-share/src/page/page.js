// What the page can do beyond its form: several files, one after the other, dropped or chosen, with their progress.
(() => {
  const element = (id) => document.getElementById(id);
  const form = element('upload');
  const input = element('file');
  const send = element('send');
  const cancel = element('cancel');
  const progress = element('progress');
  const maxBytes = Number(form.dataset.maxBytes);
  const kinds = new Set(form.dataset.kinds.split(' '));
  let current;
  let cancelled = false;

  form.classList.add('ready');
  input.multiple = true;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    upload([...input.files]);
  });
  cancel.addEventListener('click', () => {
    cancelled = true;
    current?.abort();
  });

  // The whole window takes files, for a browser leaves the page and shows one that is dropped beside the form.
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
  window.addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = current ? 'none' : 'copy';
    form.classList.toggle('over', !current);
  });
  window.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) form.classList.remove('over');
  });
  window.addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    form.classList.remove('over');
    upload([...event.dataTransfer.files]);
  });
  window.addEventListener('beforeunload', (event) => {
    if (current) event.preventDefault();
  });

  async function upload(files) {
    if (current || files.length === 0) return;
    const done = [];
    const problems = [];
    cancelled = false;
    begin();
    for (const [index, file] of files.entries()) {
      if (cancelled) break;
      const place = files.length > 1 ? `${index + 1} of ${files.length}: ` : '';
      const problem = problemOf(file) ?? (await sendFile(file, place));
      if (cancelled && problem) break;
      if (problem) problems.push(files.length > 1 ? `${file.name}: ${problem}` : problem);
      else done.push(file.name);
    }
    if (done.length > 0) await showFiles();
    end();
    tell('status', [done.length > 0 && told(done), cancelled && 'The upload was cancelled.']);
    tell('problem', problems);
  }

  /** What the server would say, known before anything is sent. */
  function problemOf(file) {
    const kind = /\.([^.]+)$/.exec(file.name)?.[1].toLowerCase();
    if (kind === undefined) return 'The name has no extension.';
    if (!kinds.has(kind)) return `Files of the kind .${kind} are not allowed.`;
    if (file.size === 0) return 'The file is empty.';
    if (file.size > maxBytes) return `The file is larger than ${form.dataset.maxSize}.`;
    // A browser reads no answer before it has sent everything.
    const name = file.name.normalize('NFC');
    const listed = [...document.querySelectorAll('#files .name')].some((item) => item.textContent === name);
    return listed ? `There is a file named ${name} already.` : undefined;
  }

  /** Settles with what went wrong, or with nothing. */
  function sendFile(file, place) {
    element('going-name').textContent = place + file.name;
    show(0, file.size);
    return new Promise((settle) => {
      const request = new XMLHttpRequest();
      current = request;
      request.upload.addEventListener('progress', ({ loaded }) => show(Math.min(loaded, file.size), file.size));
      request.addEventListener('load', () => settle(request.status === 201 ? undefined : sentenceOf(request)));
      request.addEventListener('error', () => settle('The server cannot be reached; nothing was uploaded.'));
      request.addEventListener('abort', () => settle('Cancelled.'));
      request.open('POST', `/upload/${encodeURIComponent(file.name)}`);
      request.setRequestHeader('accept', 'application/json');
      request.send(file);
    });
  }

  function sentenceOf(request) {
    try {
      return JSON.parse(request.responseText).error;
    } catch {
      return `The server answered ${request.status}.`;
    }
  }

  /** The list as the server has it now. */
  async function showFiles() {
    try {
      const answer = await fetch('/upload');
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      // An error page has no list. The uploaded files exist and are listed at the next visit.
      const files = page.getElementById('files');
      if (files) element('files').replaceWith(files);
    } catch {
      // Neither has a server that cannot be reached.
    }
  }

  function show(loaded, size) {
    const percent = Math.floor((100 * loaded) / size);
    progress.value = percent;
    element('going-bytes').textContent = percent < 100 ? `${percent} %` : 'Being stored…';
  }

  function begin() {
    tell('status', []);
    tell('problem', []);
    element('going').hidden = false;
    cancel.hidden = false;
    // Not disabled: it would lose the focus.
    send.setAttribute('aria-disabled', 'true');
    send.textContent = 'Uploading…';
  }

  function end() {
    current = undefined;
    const hadFocus = document.activeElement === cancel;
    element('going').hidden = true;
    cancel.hidden = true;
    send.removeAttribute('aria-disabled');
    send.textContent = 'Upload';
    form.reset();
    if (hadFocus) send.focus();
  }

  const tell = (id, sentences) => {
    element(id).textContent = sentences.filter(Boolean).join('\n');
  };
  const told = (names) => (names.length === 1 ? `${names[0]} is uploaded.` : `${names.length} files are uploaded.`);
})();
