/** Members, rosters, users, addresses and preferences. */
export const peopleRequests = `
PATCH /lists/ant.example.com/config subscription_policy=confirm&unsubscription_policy=confirm&default_nonmember_action=hold&emergency=no
GET /members
POST /members
POST /members list_id=ant.example.com
POST /members list_id=ant@example.com&subscriber=anne@example.com
POST /members list_id=nope.example.com&subscriber=anne@example.com
POST /members list_id=ant.example.com&subscriber=bad
POST /members list_id=ant.example.com&subscriber=ant@example.com
POST /members list_id=ant.example.com&subscriber=00000000000000000000000000000001
POST /members list_id=ant.example.com&subscriber=anne@example.com&role=boss
POST /members list_id=ant.example.com&subscriber=anne@example.com&delivery_mode=pigeon
POST /members list_id=ant.example.com&subscriber=anne@example.com&pre_verified=perhaps
POST /members list_id=ant.example.com&subscriber=anne@example.com&foo=1
POST /members list_id=ant.example.com&subscriber=Anne@example.com&display_name=Anne+Person&pre_verified=yes&pre_confirmed=yes&pre_approved=yes => anne
POST /members list_id=ant.example.com&subscriber=anne@example.com&pre_verified=yes&pre_confirmed=yes&pre_approved=yes
POST /members {"list_id": "ant.example.com", "subscriber": "bart+x/y@example.com", "display_name": "Bärt", "pre_verified": true, "pre_confirmed": true, "pre_approved": true} => bart
POST /members list_id=ant.example.com&subscriber=cate@example.com&role=owner => cate
POST /members list_id=ant.example.com&subscriber=cate@example.com&role=owner
POST /members list_id=ant.example.com&subscriber=dave@example.com&role=moderator&display_name=Dave => dave
POST /members list_id=ant.example.com&subscriber=ant@example.com&role=owner
POST /members list_id=ant.example.com&subscriber=elle@example.com&role=nonmember => elle
POST /members list_id=ant.example.com&subscriber=fred@example.com => fred
POST /members list_id=ant.example.com&subscriber=fred@example.com
POST /members list_id=ant.example.com&subscriber=gwen@example.com&pre_verified=yes
POST /members list_id=ant.example.com&subscriber=herb@example.com&pre_verified=yes&pre_confirmed=yes&delivery_mode=mime_digests&delivery_status=by_user => herb
POST /members list_id=bee.example.com&subscriber=anne@example.com&pre_verified=1&pre_confirmed=1&pre_approved=1 => annebee
GET /members
GET /members?count=2&page=1
GET /members?count=2&page=9
GET /members?count=2
GET /members?fields=email&fields=role
GET /members?fields=nope
GET /members?foo=1
GET /members/{anne}
GET /members/{anne}x
GET /members/00000000000000000000000000000001
GET /members/1
GET /members/{anne}/x
GET /members/{anne}/all
GET /members/{anne}/all/preferences
POST /members/{anne}/all/preferences
GET /members/{anne}/preferences
GET /members/{anne}/preferences/x
PATCH /members/{anne}/preferences acknowledge_posts=yes&delivery_status=by_user
PATCH /members/{anne}/preferences delivery_status=x
PATCH /members/{anne}/preferences foo=x
PATCH /members/{anne}/preferences preferred_language=xx
PATCH /members/{anne}/preferences {"receive_own_postings": false}
GET /members/{anne}/preferences
PUT /members/{anne}/preferences acknowledge_posts=yes
PUT /members/{anne}/preferences acknowledge_posts=no&delivery_mode=regular&delivery_status=enabled&hide_address=no&preferred_language=fr&receive_list_copy=no&receive_own_postings=yes
GET /members/{anne}/all/preferences
DELETE /members/{anne}/preferences
GET /members/{anne}/preferences
PATCH /members/{anne} moderation_action=hold
PATCH /members/{anne} moderation_action=
PATCH /members/{anne} moderation_action=nope
PATCH /members/{anne} delivery_mode=plaintext_digests
PATCH /members/{anne} delivery_mode=x
PATCH /members/{anne} foo=x
PATCH /members/{anne} address=nobody@example.com
PATCH /members/{anne}
PUT /members/{anne}
POST /members/{anne}
GET /members/{anne}
GET /lists/ant.example.com/member/anne@example.com
GET /lists/ant.example.com/member/ANNE@example.com
GET /lists/ant.example.com/member/nobody@example.com
GET /lists/ant.example.com/member
GET /lists/ant.example.com/owner/cate@example.com
GET /lists/ant.example.com/owner/anne@example.com
GET /lists/ant.example.com/nonmember/elle@example.com
GET /lists/ant.example.com/boss/cate@example.com
GET /lists/ant.example.com/member/bart%2Bx%2Fy@example.com
PATCH /lists/ant.example.com/nonmember/elle@example.com moderation_action=accept
GET /lists/ant.example.com/roster
GET /lists/ant.example.com/roster/member
GET /lists/ant.example.com/roster/member?count=1&page=2
GET /lists/ant.example.com/roster/member?count=1
GET /lists/ant.example.com/roster/member?count=x&page=1
GET /lists/ant.example.com/roster/member?fields=email
GET /lists/ant.example.com/roster/member?fields=nope
GET /lists/ant.example.com/roster/owner
GET /lists/ant.example.com/roster/moderator
GET /lists/ant.example.com/roster/nonmember
GET /lists/ant.example.com/roster/boss
DELETE /lists/ant.example.com/roster/member
DELETE /lists/ant.example.com/roster/member emails=nobody@example.com&emails=herb@example.com
DELETE /lists/ant.example.com/roster/member emails=
GET /members/find
GET /members/find?subscriber=anne@example.com
GET /members/find?subscriber=*ANNE*
GET /members/find?subscriber=nobody@example.com
GET /members/find?list_id=ant.example.com
GET /members/find?list_id=ant.example.com&role=nonmember
GET /members/find?role=boss
GET /members/find?moderation_action=accept
GET /members/find?list_id=ant.example.com&delivery_mode=plaintext_digests
GET /members/find?subscriber=*&count=2&page=2
GET /members/find?subscriber=*&fields=email
GET /members/find?foo=1
GET /members/find/x
POST /members/find subscriber=anne@example.com&role=member
GET /lists/find?subscriber=anne@example.com
GET /lists/find?subscriber=anne@example.com&count=1&page=2
POST /lists/find subscriber=cate@example.com&role=owner
GET /users
POST /users
POST /users email=bad
POST /users email=gwen2@example.com&display_name=Gwen&password=abc => gwen
POST /users email=gwen2@example.com
POST /users email=x@example.com&foo=1
GET /users/{gwen}
GET /users/gwen2@example.com
GET /users/GWEN2@example.com
GET /users/nobody@example.com
GET /users/00000000000000000000000000000001
GET /users/{gwen}/x
GET /users/{gwen}/memberships
PATCH /users/{gwen} display_name=Gwendoline
PATCH /users/{gwen} password=x
PATCH /users/{gwen} is_server_owner=perhaps
PATCH /users/{gwen} is_server_owner=yes
PUT /users/{gwen} display_name=x
PUT /users/{gwen} display_name=Gwen&cleartext_password=secret&is_server_owner=yes
GET /owners
GET /owners/x
POST /users/{gwen}/login cleartext_password=secret
POST /users/{gwen}/login cleartext_password=wrong
POST /users/{gwen}/login
GET /users/{gwen}/login
GET /users/{gwen}/addresses
POST /users/{gwen}/addresses
POST /users/{gwen}/addresses email=bad
POST /users/{gwen}/addresses email=Gwen3@example.com&display_name=G+3
POST /users/{gwen}/addresses email=gwen3@example.com
POST /users/{gwen}/addresses email=anne@example.com
POST /users/{gwen}/addresses email=cate@example.com&absorb_existing=yes
GET /users/{gwen}/addresses
GET /users/{gwen}/addresses?count=1&page=2
GET /users/{gwen}/preferred_address
POST /users/{gwen}/preferred_address email=zz@example.com
POST /users/{gwen}/preferred_address email=gwen3@example.com
POST /users/{gwen}/preferred_address email=anne@example.com
POST /addresses/gwen3@example.com/verify
POST /users/{gwen}/preferred_address email=gwen3@example.com
GET /users/{gwen}/preferred_address
DELETE /users/{gwen}/preferred_address
GET /users/{gwen}/preferred_address
GET /users/{gwen}/preferences
PATCH /users/{gwen}/preferences hide_address=no
GET /users/{gwen}/preferences
GET /users/{gwen}/preferences/x
GET /users/find
GET /users/find?q=gwen3
GET /users/find?q=nobody
GET /users/find?q=example&count=2&page=1
GET /users/find?q=gwen&foo=1
GET /addresses?count=3&page=1
POST /addresses
GET /addresses/ANNE@example.com
GET /addresses/nobody@example.com
GET /addresses/anne@example.com/x
PATCH /addresses/anne@example.com display_name=Annie
PATCH /addresses/anne@example.com
PATCH /addresses/anne@example.com foo=1
PUT /addresses/anne@example.com display_name=x
GET /addresses/anne@example.com
POST /addresses/anne@example.com/unverify
GET /addresses/anne@example.com
POST /addresses/anne@example.com/verify
POST /addresses/anne@example.com/verify/x
GET /addresses/anne@example.com/verify
POST /addresses/nobody@example.com/verify
GET /addresses/anne@example.com/memberships
GET /addresses/anne@example.com/memberships/x
GET /addresses/anne@example.com/memberships?fields=list_id
GET /addresses/anne@example.com/preferences
PATCH /addresses/anne@example.com/preferences delivery_mode=mime_digests
GET /addresses/anne@example.com/preferences
DELETE /addresses/anne@example.com/preferences
GET /addresses/anne@example.com/user
GET /addresses/nobody@example.com/user
POST /addresses/anne@example.com/user
POST /addresses/gwen3@example.com/user auto_create=no
DELETE /addresses/gwen3@example.com/user
DELETE /addresses/gwen3@example.com/user
GET /addresses/gwen3@example.com/user
POST /addresses/gwen3@example.com/user auto_create=no
POST /addresses/gwen3@example.com/user user_id={gwen}
PUT /addresses/gwen3@example.com/user user_id=00000000000000000000000000000001
PUT /addresses/gwen3@example.com/user display_name=New
DELETE /addresses/gwen3@example.com
DELETE /addresses/gwen3@example.com
DELETE /members/{anne} pre_confirmed=no
DELETE /members/{anne} foo=1
DELETE /members/{anne}
DELETE /members/{anne}
DELETE /members/{dave}
DELETE /users/{gwen}
DELETE /users/{gwen}
GET !/3.0/users/{gwen}
GET /members
`;
