export default `Merci pour votre message à la liste de diffusion $listname, dont
l'objet est

    $subject

Il n'a pas encore été envoyé aux membres, car la modération doit
d'abord l'examiner. En voici les raisons :

$reasons

Vous n'avez rien à faire : votre message sera envoyé à la liste dès
qu'il aura été accepté. Pour toute question, veuillez écrire à
$owner_email.
`;
