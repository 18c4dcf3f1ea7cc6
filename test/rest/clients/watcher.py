"""The fixture that mailmanclient's tests expect of pytest-services: starts a program, and waits until it answers."""
import subprocess
import time

import pytest


@pytest.fixture(scope='session')
def watcher_getter():
    def start(name, arguments, checker, request):
        process = subprocess.Popen([name, *arguments])

        def end():
            process.terminate()
            process.wait(40)

        request.addfinalizer(end)
        for _attempt in range(300):
            if checker():
                return process
            assert process.poll() is None, f'{name} has ended'
            time.sleep(0.1)
        process.kill()
        raise AssertionError(f'{name} does not answer')

    return start
