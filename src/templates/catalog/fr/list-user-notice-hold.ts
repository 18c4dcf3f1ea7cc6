export default `Nous avons bien reçu le message que vous avez adressé à la liste de
diffusion $listname et qui a pour objet

    $subject

Il n'a pas encore été envoyé aux membres, car la modération doit
d'abord l'examiner, pour les raisons suivantes :

$reasons

Vous n'avez rien à faire : votre message sera envoyé à la liste dès
qu'il aura été accepté. Pour toute question, veuillez écrire à
$owner_email.
`;
