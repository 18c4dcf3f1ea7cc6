/** Requests, bans, header matches, held messages, queues; and the end of all lists. */
export const moderationRequests = `
GET /lists/ant.example.com/requests
GET /lists/ant.example.com/requests?token_owner=subscriber
GET /lists/ant.example.com/requests?token_owner=moderator
GET /lists/ant.example.com/requests?token_owner=x
GET /lists/ant.example.com/requests?request_type=unsubscription
GET /lists/ant.example.com/requests?count=1&page=2
GET /lists/ant.example.com/requests?foo=1
GET /lists/ant.example.com/requests/count
GET /lists/ant.example.com/requests/count?token_owner=subscriber
GET /lists/ant.example.com/requests/nope
GET /lists/ant.example.com/requests/{fred}
POST /lists/ant.example.com/requests/{fred}
POST /lists/ant.example.com/requests/{fred} action=x
POST /lists/ant.example.com/requests/{fred} action=defer
POST /lists/ant.example.com/requests/nope action=accept
POST /lists/ant.example.com/requests/{fred} action=accept
POST /lists/ant.example.com/requests/{fred} action=accept
POST /members list_id=ant.example.com&subscriber=iris@example.com => iris
POST /lists/ant.example.com/requests/{iris} action=reject&reason=No
POST /members list_id=ant.example.com&subscriber=iris@example.com => iris
POST /lists/ant.example.com/requests/{iris} action=discard
GET /bans
POST /bans
POST /bans email=bad
POST /bans email=all@example.com
POST /bans email=all@example.com
GET /bans
GET /bans/all@example.com
GET /bans/none@example.com
GET /lists/ant.example.com/bans/all@example.com
POST /lists/ant.example.com/bans email=all@example.com
POST /lists/ant.example.com/bans email=^.*@spam[.]example
POST /lists/ant.example.com/bans email=^[
POST /lists/ant.example.com/bans email=x@spam.example
POST /lists/ant.example.com/bans email=ban@example.com&foo=1
POST /lists/ant.example.com/bans email=ban@example.com
GET /lists/ant.example.com/bans
GET /lists/ant.example.com/bans?count=1&page=2
GET /lists/ant.example.com/bans/%5E.%2A%40spam%5B.%5Dexample
GET /lists/ant.example.com/bans/y@spam.example
GET /lists/ant.example.com/bans/nobody@example.com
POST /members list_id=ant.example.com&subscriber=ban@example.com
DELETE /lists/ant.example.com/bans/y@spam.example
DELETE /lists/ant.example.com/bans/ban@example.com
DELETE /lists/ant.example.com/bans/ban@example.com
DELETE /lists/ant.example.com/bans/%5E.%2A%40spam%5B.%5Dexample
DELETE /bans/all@example.com
GET /lists/ant.example.com/bans
GET /lists/ant.example.com/header-matches
POST /lists/ant.example.com/header-matches
POST /lists/ant.example.com/header-matches header=X-Spam&pattern=^yes&action=discard&tag=Spam
POST /lists/ant.example.com/header-matches header=X-Spam&pattern=^yes
POST /lists/ant.example.com/header-matches header=Subject&pattern=buy
POST /lists/ant.example.com/header-matches header=Subject&pattern=[
POST /lists/ant.example.com/header-matches header=Subject&pattern=sell&action=x
POST /lists/ant.example.com/header-matches header=Subject&pattern=sell&action=
GET /lists/ant.example.com/header-matches
GET /lists/ant.example.com/header-matches?count=2&page=2
GET /lists/ant.example.com/header-matches/0
GET /lists/ant.example.com/header-matches/9
GET /lists/ant.example.com/header-matches/abc
PATCH /lists/ant.example.com/header-matches/0 position=2
PATCH /lists/ant.example.com/header-matches/0 position=3
PATCH /lists/ant.example.com/header-matches/0 position=-1
PATCH /lists/ant.example.com/header-matches/0 header=X-Other&tag=Tag
PATCH /lists/ant.example.com/header-matches/0 foo=1
PATCH /lists/ant.example.com/header-matches/9 tag=x
PUT /lists/ant.example.com/header-matches/1 header=From
PUT /lists/ant.example.com/header-matches/1 header=From&pattern=me
GET /lists/ant.example.com/header-matches
GET /lists/ant.example.com/header-matches/find?header=from
GET /lists/ant.example.com/header-matches/find?header=nope
GET /lists/ant.example.com/header-matches/find?action=discard
GET /lists/ant.example.com/header-matches/find?header=from&count=1&page=1
DELETE /lists/ant.example.com/header-matches/1
GET /lists/ant.example.com/header-matches
DELETE /lists/ant.example.com/header-matches/7
DELETE /lists/ant.example.com/header-matches
GET /lists/ant.example.com/held
GET /lists/ant.example.com/held/count
GET /lists/ant.example.com/held/1
GET /lists/ant.example.com/held/x
POST /lists/ant.example.com/held action=accept
POST /queues/nope list_id=ant.example.com&text=x
POST /queues/in
POST /queues/in list_id=nope.example.com&text=x
POST /queues/in list_id=dog.example.net&text=From:%20zed@example.com%0ATo:%20dog@example.net%0ASubject:%20One%20%3D%3Futf-8%3Fq%3F%3DC3%3DA9%3F%3D%0AMessage-ID:%20%3Cone@x%3E%0A%0Abody%0A
GET /lists/dog.example.net/held/count until 1
GET /lists/dog.example.net/held
GET /lists/dog.example.net/held/1
POST /lists/dog.example.net/held/1
POST /lists/dog.example.net/held/1 action=x
POST /lists/dog.example.net/held/1 action=defer
POST /lists/dog.example.net/held/1 action=hold&comment=x
POST /lists/dog.example.net/held/9 action=discard
PUT /lists/dog.example.net/held/1
DELETE /lists/dog.example.net/held/1
POST /lists/ant.example.com/held/1 action=discard
POST /lists/dog.example.net/held/1 action=reject&comment=No
GET /lists/dog.example.net/held/count
GET /lists/dog.example.net/nonmember/zed@example.com
GET /queues/nope
GET /queues/in
GET /queues/in/x
DELETE /queues/in/x
DELETE /queues/nope/x
DELETE /queues/in/x/y
DELETE /lists/nope.example.com
DELETE /lists/bee.example.com
DELETE /lists/bee.example.com
GET /lists/bee.example.com/config
GET /members/{annebee}
DELETE /domains/example.net
DELETE /domains/example.net
GET /lists/dog.example.net
GET /lists
`;
