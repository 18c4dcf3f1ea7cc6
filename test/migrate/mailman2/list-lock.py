"""Takes the lock of a list as a Mailman 2.1 on the same machine does (reference: outward interfaces, 1.1).

usage: list-lock.py VAR LIST SECONDS [LIFETIME]: holds it so long, then releases it. Prints `held`, then `released`.
With the word `die` for SECONDS it exits while it holds the lock. With `count FILE N` it adds one to the number in FILE,
N times, each under the lock.
"""
import errno, os, random, socket, sys, time

VAR, LIST = sys.argv[1:3]
NAME = os.path.join(VAR, 'locks', LIST + '.lock')
LIFETIME = 18000.0
SLOP = 10
counter = [0]

def touch(path, lifetime):
    until = time.time() + lifetime
    os.utime(path, (until, until))

def take(lifetime):
    claim = '%s.%s.%d.%d' % (NAME, socket.gethostname(), os.getpid(), counter[0])
    counter[0] += 1
    with open(claim, 'w') as file:
        file.write(claim)
    touch(claim, lifetime)
    while True:
        try:
            os.link(claim, NAME)
            touch(claim, lifetime)
            return claim
        except OSError as problem:
            if problem.errno != errno.EEXIST:
                raise
        try:
            if os.stat(NAME).st_nlink != 2:
                print('unexpected linkcount', flush=True)
            if time.time() > int(os.stat(NAME).st_mtime) + SLOP:
                touch(NAME, lifetime)
                winner = open(NAME).read()
                os.unlink(NAME)
                if os.path.exists(winner):
                    os.unlink(winner)
        except FileNotFoundError:
            pass
        time.sleep(random.random() * 0.05 + 0.01)

def release(claim):
    assert os.stat(NAME).st_nlink == 2 and open(NAME).read() == claim, 'lost'
    os.unlink(NAME)
    os.unlink(claim)

if sys.argv[3] == 'count':
    path, times = sys.argv[4], int(sys.argv[5])
    for _ in range(times):
        claim = take(LIFETIME)
        value = int(open(path).read())
        time.sleep(0.002)
        open(path, 'w').write(str(value + 1))
        release(claim)
else:
    claim = take(float(sys.argv[4]) if len(sys.argv) > 4 else LIFETIME)
    print('held', flush=True)
    if sys.argv[3] == 'die':
        os._exit(0)
    if sys.argv[3] == 'asked':
        sys.stdin.read()
    else:
        time.sleep(float(sys.argv[3]))
    release(claim)
    print('released', flush=True)
