export default `Ce message sert seulement à vérifier que le courrier vous parvient. Il
n'appelle pas de réponse.

Certains messages de la liste de diffusion $listname à votre adresse
$sender_email n'ont pas pu être remis. Le dernier avis à ce sujet est
joint s'il a été conservé. Si vous pouvez lire ceci, votre adresse
fonctionne et votre abonnement reste inchangé.

Si ce message ne peut pas être remis non plus, la liste cessera de
vous envoyer des messages. Si vous avez besoin d'aide, veuillez écrire
à $owneraddr.
`;
