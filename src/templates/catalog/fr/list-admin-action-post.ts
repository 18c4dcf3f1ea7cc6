export default `Un message adressé à la liste de diffusion $display_name est en
attente de modération.

    Liste : $listname
    De :    $sender_email
    Objet : $subject

Voici les raisons pour lesquelles il a été retenu :

$reasons

Le message est joint. Vous pouvez décider de son sort sur les pages
web de la liste, ou en répondant au second message joint, qui explique
comment faire.
`;
