/** System, domains, lists, their archivers, digests and templates. */
export const listRequests = `
GET /system
GET /system/versions
GET /system/versions/x
GET /system/foo
GET /system/preferences
GET /system/preferences/x
GET /system/configuration/language.fr
GET /system/configuration/nope
GET /system/configuration/mailman/x
GET /system/pipelines
GET /system/pipelines/x
GET /system/chains
GET /system/chains/x
POST /system/versions
GET !/
GET !/3.2/lists
GET !/3.1
GET !/3.1/
GET /lists/
GET /nope
HEAD /lists
OPTIONS /lists
OPTIONS /domains
GET /tasks
GET /requests
GET /domains
GET /domains?count=2
GET /domains?count=-1&page=1
GET /domains?count=2&page=0
GET /domains?count=x&page=1
GET /domains?count=2&page=x
GET /domains?what=ever
POST /domains
POST /domains mail_host=example.com&description=Examples
POST /domains mail_host=example.com
POST /domains mail_host=example.net&foo=1&bar=2
POST /domains {"mail_host": "example.net", "description": "Réseau", "owner": ["Boss@example.com", "chief@example.com"]}
POST /domains mail_host=example.org&alias_domain=x.example.org
POST /domains {bad
POST /domains [1]
POST /domains {"mail_host": "example.edu", "owner": "not an address"}
GET /domains
GET /domains?count=1&page=2
GET /domains?count=1&page=9
GET /domains?count=0&page=1
GET /domains/example.com
GET /domains/nope.com
GET /domains/example.com/x
GET /domains/example.net/owners
GET /domains/example.net/owners?count=1&page=2
GET /domains/example.net/owners/x
POST /domains/example.net/owners owner=third@example.com
POST /domains/example.net/owners
POST /domains/example.net/owners owner=bad
DELETE /domains/example.net/owners x=1
PATCH /domains/example.com description=Changed
PATCH /domains/example.com
PATCH /domains/example.com nope=1
PATCH /domains/example.com mail_host=x.com
PATCH /domains/nope.com description=x
PUT /domains/example.com description=a
PUT /domains/example.com description=a&alias_domain=&owner=boss@example.com
PUT /domains/example.com description=a&alias_domain=b.example.com&owner=boss@example.com
GET /domains/example.com
POST /domains/example.com
DELETE /domains/example.net/owners
GET /domains/example.net/owners
GET /domains/example.com/lists
GET /domains/nope.com/lists
GET /domains/example.com/lists/x
GET /lists
POST /lists
POST /lists fqdn_listname=ant@example.com
POST /lists fqdn_listname=ant@example.com
POST /lists fqdn_listname=Bee@example.com&style_name=legacy-announce
POST /lists {"fqdn_listname": "cat@example.com", "style_name": "private-default"}
POST /lists fqdn_listname=dog@example.net
POST /lists fqdn_listname=ant@nope.com
POST /lists fqdn_listname=bee
POST /lists fqdn_listname=b$e@example.com
POST /lists fqdn_listname=x@example.com&foo=1
GET /lists
GET /lists?advertised=true
GET /lists?advertised=false
GET /lists?advertised=maybe
GET /lists?count=2&page=1
GET /lists?count=2&page=2
GET /lists?page=2
GET /lists?count=two&page=1
GET /domains/example.com/lists?advertised=yes
GET /domains/example.com/lists?count=1&page=2
GET /lists/ant.example.com
GET /lists/ant@example.com
GET /lists/ant%40example.com
GET /lists/nope.example.com
GET /lists/nope@example.com
GET /lists/ant.example.com/nope
GET /lists/nope.example.com/config
GET /lists/nope.example.com/held
POST /lists/ant.example.com
PUT /lists/ant.example.com
PATCH /lists/ant.example.com display_name=x
OPTIONS /lists/ant.example.com
GET /lists/styles
POST /lists/styles
GET /lists/styles/x
GET /lists/find
GET /lists/find?subscriber=nobody@example.com
GET /lists/find?subscriber=nobody@example.com&role=boss
GET /lists/find?subscriber=nobody@example.com&foo=1
GET /lists/ant.example.com/archivers
PATCH /lists/ant.example.com/archivers prototype=no
PATCH /lists/ant.example.com/archivers foo=no
PATCH /lists/ant.example.com/archivers prototype=bogus
PUT /lists/ant.example.com/archivers
PUT /lists/ant.example.com/archivers prototype=yes
DELETE /lists/ant.example.com/archivers
GET /lists/ant.example.com/archivers
GET /lists/ant.example.com/digest
POST /lists/ant.example.com/digest
POST /lists/ant.example.com/digest send=yes&periodic=yes
POST /lists/ant.example.com/digest bump=yes
POST /lists/ant.example.com/digest bump=perhaps
POST /lists/ant.example.com/digest foo=1
POST /lists/ant.example.com/digest send=yes
GET /lists/ant.example.com/digest
DELETE /lists/ant.example.com/digest
GET /uris
GET /lists/ant.example.com/uris
PATCH /lists/ant.example.com/uris list:user:notice:welcome=http://localhost/w&list:user:notice:goodbye=http://localhost/g
PATCH /lists/ant.example.com/uris list:user:notice:welcome=http://localhost/w&username=u
PATCH /lists/ant.example.com/uris list:nope=http://localhost/w
PATCH /lists/ant.example.com/uris list:member:regular:footer=http://localhost/f&username=u&password=p
PUT /lists/ant.example.com/uris list:user:notice:welcome=http://localhost/w
GET /lists/ant.example.com/uris
GET /lists/ant.example.com/uris/list:user:notice:welcome
GET /lists/ant.example.com/uris/list:member:regular:footer
GET /lists/ant.example.com/uris/list:member:regular:header
GET /lists/ant.example.com/uris/nope
GET /lists/ant.example.com/uris/list:user:notice:welcome/x
PUT /lists/ant.example.com/uris/list:user:notice:welcome list:user:notice:welcome=http://localhost/other
PATCH /lists/ant.example.com/uris/list:user:notice:welcome uri=http://localhost/other
PUT /lists/ant.example.com/uris/list:user:notice:welcome
DELETE /lists/ant.example.com/uris/list:user:notice:welcome
DELETE /lists/ant.example.com/uris/list:user:notice:welcome
GET /lists/ant.example.com/uris
DELETE /lists/ant.example.com/uris
GET /lists/ant.example.com/uris
PATCH /domains/example.com/uris domain:admin:notice:new-list=http://localhost/n
GET /domains/example.com/uris
GET /domains/example.com/uris/domain:admin:notice:new-list
GET /domains/nope.com/uris
DELETE /domains/example.com/uris
PATCH /uris domain:admin:notice:new-list=http://localhost/n
GET /uris/domain:admin:notice:new-list
DELETE /uris/domain:admin:notice:new-list
GET !/3.0/uris
GET !/3.0/lists
GET !/3.0/system/versions
GET !/3.0/plugins
GET !/3.0/lists/ant.example.com/config/welcome_message_uri
PATCH !/3.0/lists/ant.example.com/config welcome_message_uri=http://localhost/w
GET !/3.0/lists/ant.example.com/config/welcome_message_uri
GET /lists/ant.example.com/config/welcome_message_uri
DELETE /lists/ant.example.com/uris
DELETE /uris
GET /plugins
GET /plugins/nope
GET /templates/ant/x
GET !/3.0/templates/ant.example.com/x
GET !/3.0/templates
GET /reserved/nope
DELETE /reserved/uids/orphans
`;
